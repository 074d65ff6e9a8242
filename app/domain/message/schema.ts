import { z } from 'zod';
import { addressSchema, personNameSchema } from '../account/schema';
import { line } from '../conference/schema';
import { cleanText } from '../text';

/** In characters. */
export const MOST_BODY = 10_000;

const body = z.string().transform(cleanText).pipe(z.string().min(1).max(MOST_BODY));
/** Made with the form; lets a second submit of the same form find the first message. */
const key = z.uuid();

const to = z.array(z.string().max(40)).min(1).max(50);
const subject = line(200);

export const messageSchema = z.object({ key, to, subject, body });
export type MessageInput = z.infer<typeof messageSchema>;

/** The same from someone who is not signed in, in the order of the form: what is wrong is told in it. */
export const guestMessageSchema = z.object({ key, to, name: personNameSchema, address: addressSchema, subject, body });
export type GuestMessageInput = z.infer<typeof guestMessageSchema>;

/** An answer that came by mail, as its writer lets it go. */
export const heldSchema = z.object({ id: z.string().max(40), body, consent: z.boolean().default(false) });

export const answerSchema = z.object({ key, body });
export type AnswerInput = z.infer<typeof answerSchema>;
