import { z } from 'zod';
import { defineMail } from './mail';

const props = z.object({
  paper: z.object({ ref: z.string(), title: z.string() }),
  conference: z.string(),
  /** The deadline until which it can be edited, with its zone, as a person reads it; empty where there is none. */
  editableUntil: z.string(),
  url: z.url(),
});

/** Sent when a draft is handed in. */
export const submissionReceived = defineMail<z.infer<typeof props>>({
  kind: 'submission-received',
  props,
  sample: {
    paper: { ref: 'T0121', title: 'Water, Borders and Trust in the Fergana Valley' },
    conference: 'Central Asian Studies 2027',
    editableUntil: '1 February 2027 at 23:59 GMT+5',
    url: 'https://colloquy.example/cas-2027/submissions/T0121',
  },
  subject: ({ paper, conference }, t) => t('mail.received.subject', { ref: paper.ref, conference }),
  body: ({ paper, conference, editableUntil, url }, t) => [
    { paragraph: t('mail.received.lead', { ref: paper.ref, title: paper.title, conference }) },
    { paragraph: editableUntil ? t('mail.received.until', { until: editableUntil }) : t('mail.received.open') },
    { action: t('mail.received.action'), url },
    { note: t('mail.received.why', { conference }) },
  ],
});
