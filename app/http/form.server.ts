import type { SubmissionResult } from '@conform-to/react';
import { data } from '@remix-run/node';
import { z } from 'zod';

const MOST_FIELDS = 1_000;
/**
 * `title`, `authors[12].name`: the names of our forms. What is not of them could keep the form library busy for ever
 * (one name or intent with a large index makes it fill a list of that length) or make it throw.
 */
const FIELD_NAME = /^(?!(?:authors|constructor)$)(?:authors\[\d{1,2}\]\.(?!constructor$))?[a-z][a-z-]{0,39}$/i;
const INTENT = '__intent__';

const index = z.int().min(0).max(99);
const list = { name: z.literal('authors') };
/** What the buttons of the byline ask for. */
const intentSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('insert'),
    payload: z.object({
      ...list,
      index: index.optional(),
      defaultValue: z.record(z.string(), z.string().max(40)).optional(),
    }),
  }),
  z.object({ type: z.literal('remove'), payload: z.object({ ...list, index }) }),
  z.object({ type: z.literal('reorder'), payload: z.object({ ...list, from: index, to: index }) }),
]);

/** The form of a POST, without NULs, which PostgreSQL takes in no text. Throws a 400 where its field names are none of ours, or a field holds a file. */
export async function readForm(request: Request): Promise<FormData> {
  const sent = await request.formData().catch(() => null);
  const fields = sent && [...sent];
  if (!fields || fields.length > MOST_FIELDS || !fields.every(isOurs)) throw new Response(null, { status: 400 });
  const form = new FormData();
  // No text holds a NUL, and PostgreSQL takes none, not even to compare with.
  for (const [name, value] of fields as [string, string][]) form.append(name, value.replaceAll('\0', ''));
  return form;
}

function isOurs([name, value]: [string, FormDataEntryValue]): boolean {
  return typeof value === 'string' && (name === INTENT ? isIntent(value) : FIELD_NAME.test(name));
}

function isIntent(value: string): boolean {
  try {
    return intentSchema.safeParse(JSON.parse(value)).success;
  } catch {
    return false;
  }
}

/** The answer to a form that was not accepted: the page again, with what was typed. */
export function refused<Extra extends object>(result: SubmissionResult<string[]>, extra?: Extra, status = 422) {
  // A press of "add an author" comes this way too and is no error.
  return data({ result, ...(extra as Extra) }, { status: result.status === 'error' ? status : 200 });
}
