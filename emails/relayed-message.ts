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
  /** What it is to its reader: the first of a conversation, more of it, an answer, or what another author has written. */
  role: z.enum(['first', 'further', 'answer', 'coauthor']),
  /** Whether an answer to the mail itself is passed on. */
  byMail: z.boolean(),
});

const LEADS = {
  first: 'mail.relayed.lead',
  further: 'mail.relayed.leadFurther',
  answer: 'mail.relayed.leadAnswer',
  coauthor: 'mail.relayed.leadCoauthor',
} as const;

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
    role: 'first',
    byMail: true,
  },
  subject: ({ paper, subject, role }, t) =>
    t(role === 'first' ? 'mail.relayed.subject' : 'mail.relayed.subjectAnswer', { ref: paper.ref, subject }),
  body: (props, t) => [
    {
      paragraph: t(LEADS[props.role], {
        writer: props.writer,
        ref: props.paper.ref,
        title: props.paper.title,
        conference: props.conference,
      }),
    },
    { quote: props.body },
    { action: t('mail.relayed.action'), url: props.url },
    { paragraph: t(props.byMail ? 'mail.relayed.byMail' : 'mail.relayed.linkOnly') },
    {
      note: t(props.role === 'answer' ? 'mail.relayed.whyAnswer' : 'mail.relayed.why', {
        conference: props.conference,
      }),
    },
    { note: t('mail.relayed.leave'), url: props.letterUrl },
  ],
});
