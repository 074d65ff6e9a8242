import { z } from 'zod';
import { defineMail } from './mail';

const props = z.object({ url: z.url(), portal: z.string(), minutes: z.number().int() });

/** Sent to an address that somebody wants to add to their account. Says nothing of whose account it is. */
export const addAddress = defineMail<z.infer<typeof props>>({
  kind: 'add-address',
  props,
  sample: { url: 'https://colloquy.example/account/address/abc', portal: 'colloquy.example', minutes: 30 },
  subject: ({ portal }, t) => t('mail.addAddress.subject', { portal }),
  body: ({ url, portal, minutes }, t) => [
    { paragraph: t('mail.addAddress.lead', { portal, minutes }) },
    { action: t('mail.addAddress.action'), url },
    { note: t('mail.addAddress.why', { portal }) },
  ],
});
