import type { z } from 'zod';
import { type Translate, translator } from '#locales/translate';
import { type Block, page, toHtml, toText } from './layout';

export interface MailTemplate<Props> {
  /** Names the mail in the outbox and in the organisers' lists. */
  kind: string;
  props: z.ZodType<Props>;
  sample: Props;
  subject(props: Props, t: Translate): string;
  body(props: Props, t: Translate): Block[];
}

export interface RenderedMail {
  kind: string;
  subject: string;
  text: string;
  html: string;
}

/** Lets a template's props be inferred and checked; returns its argument. */
export function defineMail<Props>(template: MailTemplate<Props>): MailTemplate<Props> {
  return template;
}

/** The mail as it will be sent. Throws when the props are not the template's own: a bug, not bad input. */
export function renderMail<Props>(template: MailTemplate<Props>, props: Props, locale = 'en'): RenderedMail {
  const t = translator(locale);
  const checked = template.props.parse(props);
  const blocks = template.body(checked, t);
  const subject = oneLine(template.subject(checked, t));
  return { kind: template.kind, subject, text: toText(blocks), html: page(subject, toHtml(blocks), locale) };
}

/** What of a mail is the portal's own: all but the words of people, as it stands in the text part. */
export function frameOf<Props>(template: MailTemplate<Props>, props: Props, locale = 'en'): string[] {
  return template
    .body(template.props.parse(props), translator(locale))
    .filter((block) => !('quote' in block))
    .map((block) => toText([block]));
}

/** RFC 5322 folds a header, but a value never holds a line end of its own. */
function oneLine(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
      // Begins an encoded word (RFC 2047), which a mail program would show as what it hides.
      .replaceAll('=?', '= ?')
      .trim()
  );
}
