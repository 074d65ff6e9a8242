import { z } from 'zod';
import { defineMail } from './mail';

const props = z.object({ url: z.url(), portal: z.string(), minutes: z.number().int() });

/** Sent to whoever asks to sign in, whether or not they were known before. */
export const signInLink = defineMail<z.infer<typeof props>>({
  kind: 'sign-in-link',
  props,
  sample: { url: 'https://colloquy.example/sign-in/link/abc', portal: 'colloquy.example', minutes: 30 },
  subject: ({ portal }, t) => t('mail.signIn.subject', { portal }),
  body: ({ url, portal, minutes }, t) => [
    { paragraph: t('mail.signIn.lead', { portal, minutes }) },
    { action: t('mail.signIn.action'), url },
    { note: t('mail.signIn.why', { portal }) },
  ],
});
