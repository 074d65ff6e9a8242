import type { SubmissionResult } from '@conform-to/react';
import { data } from '@remix-run/node';

const MOST_FIELDS = 1_000;
/** `authors[12].name`: as deep and as long as our forms go. What is not of this form could make a parser work for ever. */
const FIELD_NAME = /^[\w-]{1,40}(\[\d{1,3}\])?(\.[\w-]{1,40})?$/;

/** The form of a POST, without NULs, which PostgreSQL takes in no text. Throws a 400 where its field names are none of ours, or a field holds a file. */
export async function readForm(request: Request): Promise<FormData> {
  const form = await request.formData().catch(() => null);
  const fields = form && [...form];
  if (
    !fields ||
    fields.length > MOST_FIELDS ||
    fields.some(([name, value]) => typeof value !== 'string' || !FIELD_NAME.test(name))
  ) {
    throw new Response(null, { status: 400 });
  }
  const clean = new FormData();
  for (const [name, value] of fields) clean.append(name, String(value).replaceAll('\0', ''));
  return clean;
}

/** The answer to a form that was not accepted: the page again, with what was typed. */
export function refused<Extra extends object>(result: SubmissionResult<string[]>, extra?: Extra, status = 422) {
  // A press of "add an author" comes this way too and is no error.
  return data({ result, ...(extra as Extra) }, { status: result.status === 'error' ? status : 200 });
}
