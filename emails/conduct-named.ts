import { z } from 'zod';
import { defineMail } from './mail';

const props = z.object({
  conference: z.string(),
  /** The organiser who has done it, and the name that they have given. */
  by: z.string(),
  name: z.string(),
  /** Whether it is themself. */
  self: z.boolean(),
  url: z.url(),
});

/** Tells the other organisers that somebody reads reported messages from now on. */
export const conductNamed = defineMail<z.infer<typeof props>>({
  kind: 'conduct-named',
  props,
  sample: {
    conference: 'Central Asian Studies 2027',
    by: 'Olga Example',
    name: 'Cleo Example',
    self: false,
    url: 'https://colloquy.example/cas-2027/organise/people',
  },
  subject: ({ conference }, t) => t('mail.contact.subject', { conference }),
  body: ({ conference, by, name, self, url }, t) => [
    { paragraph: t(self ? 'mail.contact.self' : 'mail.contact.lead', { conference, by, name }) },
    { action: t('mail.contact.action'), url },
    { note: t('mail.reported.whyOrganiser', { conference }) },
  ],
});
