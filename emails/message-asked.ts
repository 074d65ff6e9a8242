import { z } from 'zod';
import { defineMail } from './mail';

const props = z.object({
  writer: z.string(),
  paper: z.object({ ref: z.string(), title: z.string() }),
  conference: z.string(),
  url: z.url(),
  /** Where the letter itself can be answered with: leave me in peace. */
  letterUrl: z.url(),
});

/** Asks an author who wants to be asked whether they will hear from a reader. The reader's words wait on the portal. */
export const messageAsked = defineMail<z.infer<typeof props>>({
  kind: 'message-asked',
  props,
  sample: {
    writer: 'Dilnoza Example',
    paper: { ref: 'T0121', title: 'Water, Borders and Trust in the Fergana Valley' },
    conference: 'Central Asian Studies 2027',
    url: 'https://colloquy.example/cas-2027/messages/0190',
    letterUrl: 'https://colloquy.example/letters/0190',
  },
  subject: ({ writer, paper }, t) => t('mail.asked.subject', { ref: paper.ref, writer }),
  body: (props, t) => [
    {
      paragraph: t('mail.asked.lead', {
        writer: props.writer,
        ref: props.paper.ref,
        title: props.paper.title,
        conference: props.conference,
      }),
    },
    { action: t('mail.asked.action'), url: props.url },
    { note: t('mail.asked.why') },
    { note: t('mail.relayed.leave'), url: props.letterUrl },
  ],
});
