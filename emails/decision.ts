import { z } from 'zod';
import { defineMail } from './mail';

const props = z.object({
  outcome: z.enum(['accepted', 'rejected']),
  paper: z.object({ ref: z.string(), title: z.string() }),
  conference: z.string(),
  note: z.string(),
  /** Whether this recipient has been told the contrary before. */
  correction: z.boolean(),
  url: z.url(),
});

/** Tells the authors what was decided. */
export const decision = defineMail<z.infer<typeof props>>({
  kind: 'decision',
  props,
  sample: {
    outcome: 'accepted',
    paper: { ref: 'T0121', title: 'Water, Borders and Trust in the Fergana Valley' },
    conference: 'Central Asian Studies 2027',
    note: 'The committee suggests naming the archives in the abstract.',
    correction: false,
    url: 'https://colloquy.example/cas-2027/submissions/T0121',
  },
  subject: ({ outcome, correction, paper, conference }, t) =>
    t(correction ? 'mail.decision.correction.subject' : `mail.decision.${outcome}.subject`, {
      ref: paper.ref,
      title: paper.title,
      conference,
    }),
  body: ({ outcome, correction, paper, conference, note, url }, t) => [
    ...(correction ? [{ paragraph: t('mail.decision.correction.lead', { ref: paper.ref }) }] : []),
    { paragraph: t(`mail.decision.${outcome}.lead`, { ref: paper.ref, title: paper.title, conference }) },
    ...(note ? [{ paragraph: t('mail.decision.note') }, { quote: note }] : []),
    { action: t('mail.decision.action'), url },
    { note: t('mail.decision.why', { conference }) },
  ],
});
