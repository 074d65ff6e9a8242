import { z } from 'zod';
import { defineMail } from './mail';

const props = z.object({
  paper: z.object({ ref: z.string(), title: z.string() }),
  conference: z.string(),
  url: z.url(),
});

/** Tells the authors who have had mail about a decision that it no longer holds. */
export const decisionTakenBack = defineMail<z.infer<typeof props>>({
  kind: 'decision-taken-back',
  props,
  sample: {
    paper: { ref: 'T0121', title: 'Water, Borders and Trust in the Fergana Valley' },
    conference: 'Central Asian Studies 2027',
    url: 'https://colloquy.example/cas-2027/submissions/T0121',
  },
  subject: ({ paper, conference }, t) => t('mail.takenBack.subject', { ref: paper.ref, conference }),
  body: ({ paper, conference, url }, t) => [
    { paragraph: t('mail.takenBack.lead', { ref: paper.ref, title: paper.title, conference }) },
    { action: t('mail.decision.action'), url },
    { note: t('mail.decision.why', { conference }) },
  ],
});
