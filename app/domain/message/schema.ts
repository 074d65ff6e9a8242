import { linkifyit } from 'linkify-it';
import { z } from 'zod';
import { addressSchema, personNameSchema } from '../account/schema';
import { line } from '../conference/schema';
import { holdsAnyAddress } from '../mail/gate';
import { cleanText } from '../text';
import { isTimeZone } from '../zoned-time';

/** In characters. */
export const MOST_BODY = 10_000;

const body = z
  .string()
  .transform(cleanText)
  .pipe(z.string().min(1).max(MOST_BODY, { abort: true }));
/** Made with the form; lets a second submit of the same form find the first message. */
const key = z.uuid();

const to = z.array(z.string().max(40)).min(1).max(50);
const subject = line(200);

const consent = z.boolean().default(false);

/** An address in a message is given away with its writer's word alone, whosever it is: the answer tells nothing of it. */
function meant<Form extends z.ZodType<{ body: string; consent: boolean }>>(form: Form) {
  return form.refine(({ body, consent }) => consent || !holdsAnyAddress(body), {
    path: ['consent'],
    params: { key: 'error.addressMeant' },
  });
}

/** Whoever is not known yet points to two places at most. */
const MOST_LINKS = 2;
const links = linkifyit({ fuzzyLink: true, fuzzyEmail: false });

function fewLinks(text: string): boolean {
  return (links.match(text) ?? []).length <= MOST_LINKS;
}

/** It stands in the header of every mail of the thread: there no address has a place, agreed to or not. */
const firstSubject = subject
  .refine(fewLinks, { params: { key: 'error.links' } })
  .refine((text) => !holdsAnyAddress(text), { params: { key: 'error.addressInside' } });
const firstBody = body.refine(fewLinks, { params: { key: 'error.links' } });

export const messageSchema = meant(z.object({ key, to, subject: firstSubject, body: firstBody, consent }));
export type MessageInput = z.input<typeof messageSchema>;

/** The same from someone who is not signed in, in the order of the form: what is wrong is told in it. */
export const guestMessageSchema = meant(
  z.object({
    key,
    to,
    name: personNameSchema,
    address: addressSchema,
    subject: firstSubject,
    body: firstBody,
    consent,
  }),
);
export type GuestMessageInput = z.input<typeof guestMessageSchema>;

/** An answer that came by mail, as its writer lets it go. */
export const heldSchema = meant(z.object({ id: z.string().max(40), body, consent }));

export const answerSchema = meant(z.object({ key, body, consent }));
export type AnswerInput = z.input<typeof answerSchema>;

export const lettersFromSchema = z.enum(['anyone', 'participants', 'asked', 'nobody']);

/** A time of day, as a browser's field gives it. */
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'error.timeOfDay' });

/** Quiet hours are a zone and two times, or nothing at all. A paper's rule stands under its submission's id. */
export const rulesSchema = z
  .object({
    lettersFrom: lettersFromSchema,
    quietFrom: timeOfDay.optional(),
    quietUntil: timeOfDay.optional(),
    quietZone: z
      .string()
      .max(64)
      .refine(isTimeZone, { params: { key: 'error.timeZone' } })
      .optional(),
  })
  .refine(({ quietFrom, quietUntil }) => !quietFrom === !quietUntil, {
    path: ['quietUntil'],
    params: { key: 'error.quietBoth' },
  })
  .refine(({ quietFrom, quietZone }) => !quietFrom || quietZone, {
    path: ['quietZone'],
    params: { key: 'error.required' },
  })
  .transform(({ lettersFrom, quietFrom: from, quietUntil: until, quietZone: zone }) => ({
    lettersFrom,
    quiet: from && until && zone ? { from, until, zone } : null,
  }));

export const paperRuleSchema = z.object({
  paper: z.string().max(40),
  /** Empty: as for all. */
  lettersFrom: lettersFromSchema.optional(),
});
