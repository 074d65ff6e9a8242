import { z } from 'zod';
import { addressSchema, personNameSchema } from '../account/schema';
import { line } from '../conference/schema';
import { cleanText } from '../text';

export const MOST_BODY = 10_000;

const body = z.string().transform(cleanText).pipe(z.string().min(1).max(MOST_BODY));
/** Made with the form; lets a second submit of the same form find the first message. */
const key = z.uuid();

export const messageSchema = z.object({
  key,
  to: z.array(z.string().max(40)).min(1).max(50),
  subject: line(200),
  body,
});
export type MessageInput = z.infer<typeof messageSchema>;

/** The same from someone who is not signed in. */
export const guestMessageSchema = messageSchema.extend({ name: personNameSchema, address: addressSchema });
export type GuestMessageInput = z.infer<typeof guestMessageSchema>;

export const answerSchema = z.object({ key, body });
export type AnswerInput = z.infer<typeof answerSchema>;
