import { z } from 'zod';
import { defineMail } from './mail';

/** What may have been changed about how one signs in to an account. */
export const ACCOUNT_CHANGES = [
  'passwordSet',
  'passwordRemoved',
  'passkeyAdded',
  'passkeyRemoved',
  'passkeyAsked',
  'passkeyNotAsked',
  'addressAdded',
] as const;
export type AccountChange = (typeof ACCOUNT_CHANGES)[number];

const props = z.object({ change: z.enum(ACCOUNT_CHANGES), portal: z.string(), url: z.url() });

/** Tells the owner of an account that somebody, they as a rule, has changed how one signs in to it. Signs nobody in. */
export const accountChanged = defineMail<z.infer<typeof props>>({
  kind: 'account-changed',
  props,
  sample: { change: 'passwordSet', portal: 'colloquy.example', url: 'https://colloquy.example/account/security' },
  subject: ({ change, portal }, t) => t(`mail.account.${change}.subject`, { portal }),
  body: ({ change, portal, url }, t) => [
    { paragraph: t(`mail.account.${change}`, { portal }) },
    { paragraph: t('mail.account.notYou') },
    { action: t('mail.account.action'), url },
    { note: t('mail.account.why', { portal }) },
  ],
});
