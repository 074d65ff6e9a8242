import { IntlMessageFormat } from 'intl-messageformat';
import english from '../../locales/en.json' with { type: 'json' };

/** What the portal says in English for a key of its catalogue. */
export function say(key: keyof typeof english, values?: Record<string, string | number>): string {
  const message = english[key];
  return values ? String(new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).format(values)) : message;
}

export type Key = keyof typeof english;
