import EmailReplyParser from 'email-reply-parser';
import { cleanText } from '../text';

/** What was typed, without quoted history and signature. */
export function typedText(text: string): string {
  const cleaned = cleanText(text);
  if (!cleaned) return '';
  return cleanText(new EmailReplyParser().read(squeezed(cleaned)).getVisibleText());
}

/** Rows of empty lines say nothing and cost the parser's patterns much. */
function squeezed(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd().slice(0, 2_000))
    .join('\n')
    .replace(/\n{4,}/g, '\n\n\n');
}
