import { parseWithZod } from '@conform-to/zod/v4';
import type { z } from 'zod';
import type { MessageKey, Translate } from '#locales/translate';

/** Parses a form by a schema, on both sides. Each error is a sentence of the catalogue, beside its field. */
export function parseForm<Schema extends z.ZodType>(form: FormData, schema: Schema, t: Translate) {
  return parseWithZod(form, {
    schema,
    // What two rules find wrong is told once where they say the same.
    formatError: (issues: z.core.$ZodIssue[]) => [...new Set(issues.map((issue) => sentence(issue as Issue, t)))],
  });
}

type Issue = z.core.$ZodIssue & { params?: Record<string, unknown> };

function sentence(issue: Issue, t: Translate): string {
  switch (issue.code) {
    case 'custom': {
      const { key = 'error.invalid', ...values } = (issue.params ?? {}) as { key?: MessageKey } & Record<
        string,
        string | number
      >;
      return t(key, values);
    }
    case 'invalid_type':
      return t(issue.input === undefined ? 'error.required' : 'error.invalid');
    case 'too_small':
      if (issue.origin === 'number') return t('error.atLeast', { least: Number(issue.minimum) });
      if (issue.origin === 'array') return t('error.choose');
      return Number(issue.minimum) === 1 ? t('error.required') : t('error.tooShort', { least: Number(issue.minimum) });
    case 'too_big':
      if (issue.origin === 'number') return t('error.atMost', { most: Number(issue.maximum) });
      return t(issue.origin === 'array' ? 'error.tooMany' : 'error.tooLong', { most: Number(issue.maximum) });
    case 'invalid_format':
      // A schema names its own sentence where "not valid" would not help.
      return t(issue.message.startsWith('error.') ? (issue.message as MessageKey) : 'error.invalid');
    default:
      return t('error.invalid');
  }
}
