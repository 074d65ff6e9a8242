import { z } from 'zod';
import { defineMail } from './mail';

const props = z.object({
  writer: z.string(),
  paper: z.object({ ref: z.string(), title: z.string() }),
  conference: z.string(),
  subject: z.string(),
  body: z.string(),
  url: z.url(),
  /** Where one leaves the conversation, blocks its writer or reports the message, without signing in. */
  letterUrl: z.url(),
  /** Whether the recipient wrote first and this is the answer. */
  answer: z.boolean(),
  /** Whether an answer to the mail itself is passed on. */
  byMail: z.boolean(),
});

/** A message between a reader and an author. Names the writer by name only; the answer goes through the portal. */
export const relayedMessage = defineMail<z.infer<typeof props>>({
  kind: 'relayed-message',
  props,
  sample: {
    writer: 'Dilnoza Example',
    paper: { ref: 'T0121', title: 'Water, Borders and Trust in the Fergana Valley' },
    conference: 'Central Asian Studies 2027',
    subject: 'Your archive sources',
    body: 'Dear author,\n\nwhich archive holds the letters that you quote?',
    url: 'https://colloquy.example/cas-2027/messages/0190',
    letterUrl: 'https://colloquy.example/letters/0190',
    answer: false,
    byMail: true,
  },
  subject: ({ paper, subject, answer }, t) =>
    t(answer ? 'mail.relayed.subjectAnswer' : 'mail.relayed.subject', { ref: paper.ref, subject }),
  body: (props, t) => [
    {
      paragraph: t(props.answer ? 'mail.relayed.leadAnswer' : 'mail.relayed.lead', {
        writer: props.writer,
        ref: props.paper.ref,
        title: props.paper.title,
        conference: props.conference,
      }),
    },
    { quote: props.body },
    { action: t('mail.relayed.action'), url: props.url },
    { paragraph: t(props.byMail ? 'mail.relayed.byMail' : 'mail.relayed.linkOnly') },
    { note: t(props.answer ? 'mail.relayed.whyAnswer' : 'mail.relayed.why', { conference: props.conference }) },
    { note: t('mail.relayed.leave'), url: props.letterUrl },
  ],
});
