import { z } from 'zod';
import { defineMail } from './mail';

const props = z.object({
  outcome: z.enum(['accepted', 'rejected']),
  paper: z.object({ ref: z.string(), title: z.string() }),
  conference: z.string(),
  note: z.string(),
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
    url: 'https://colloquy.example/cas-2027/submissions/T0121',
  },
  subject: ({ outcome, paper, conference }, t) =>
    t(`mail.decision.${outcome}.subject`, { ref: paper.ref, title: paper.title, conference }),
  body: ({ outcome, paper, conference, note, url }, t) => [
    { paragraph: t(`mail.decision.${outcome}.lead`, { ref: paper.ref, title: paper.title, conference }) },
    ...(note ? [{ paragraph: t('mail.decision.note') }, { quote: note }] : []),
    { action: t('mail.decision.action'), url },
    { note: t('mail.decision.why', { conference }) },
  ],
});
