import { z } from 'zod';
import { defineMail } from './mail';

const props = z.object({
  role: z.enum(['author', 'reviewer', 'organiser', 'conduct']),
  conference: z.string(),
  url: z.url(),
});

/** Tells a person that a conference has given them a role. The link is the ordinary page: they sign in there. */
export const invitation = defineMail<z.infer<typeof props>>({
  kind: 'invitation',
  props,
  sample: {
    role: 'reviewer',
    conference: 'Central Asian Studies 2027',
    url: 'https://colloquy.example/cas-2027/review',
  },
  subject: ({ role, conference }, t) => t('mail.invitation.subject', { role, conference }),
  body: ({ role, conference, url }, t) => [
    { paragraph: t('mail.invitation.lead', { role, conference }) },
    { action: t('mail.invitation.action'), url },
    { note: t('mail.invitation.why', { conference }) },
  ],
});
