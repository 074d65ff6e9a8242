import { z } from 'zod';
import { defineMail } from './mail';

const props = z.object({
  conference: z.string(),
  /** Whether the conference has conduct contacts; else its organisers are asked to name one. */
  named: z.boolean(),
  url: z.url(),
});

/** Tells conduct contacts that a message was reported. What it says is read on the portal, and there alone. */
export const messageReported = defineMail<z.infer<typeof props>>({
  kind: 'message-reported',
  props,
  sample: {
    conference: 'Central Asian Studies 2027',
    named: true,
    url: 'https://colloquy.example/cas-2027/conduct/0190',
  },
  subject: ({ conference }, t) => t('mail.reported.subject', { conference }),
  body: ({ conference, named, url }, t) => [
    { paragraph: t(named ? 'mail.reported.lead' : 'mail.reported.nobody', { conference }) },
    { action: t(named ? 'mail.reported.action' : 'mail.reported.name'), url },
    { note: t(named ? 'mail.reported.why' : 'mail.reported.whyOrganiser', { conference }) },
  ],
});
