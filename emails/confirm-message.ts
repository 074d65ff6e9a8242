import { z } from 'zod';
import { defineMail } from './mail';

const props = z.object({ url: z.url(), portal: z.string(), minutes: z.number().int() });

/** Sent to whoever writes to an author without having signed in. Carries nothing that they typed, not even the paper. */
export const confirmMessage = defineMail<z.infer<typeof props>>({
  kind: 'confirm-message',
  props,
  sample: { url: 'https://colloquy.example/confirm/abc', portal: 'colloquy.example', minutes: 30 },
  subject: ({ portal }, t) => t('mail.confirm.subject', { portal }),
  body: ({ url, portal, minutes }, t) => [
    { paragraph: t('mail.confirm.lead', { portal, minutes }) },
    { action: t('mail.confirm.action'), url },
    { note: t('mail.confirm.why', { portal }) },
  ],
});
