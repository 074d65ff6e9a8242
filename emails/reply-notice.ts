import { z } from 'zod';
import { defineMail } from './mail';

const props = z.object({
  ref: z.string(),
  title: z.string(),
  /** Nothing but quoted history: nothing was passed on. */
  empty: z.boolean(),
  /** There was more of it than is read. */
  cut: z.boolean(),
  /** It was passed on without its attachments. */
  leftOut: z.boolean(),
  /** Others had it directly, and with it the writer's address. */
  copied: z.boolean(),
  url: z.url(),
});

/** Tells somebody what an answer by mail did not do, or did beside the portal. */
export const replyNotice = defineMail<z.infer<typeof props>>({
  kind: 'reply-notice',
  props,
  sample: {
    ref: 'T0121',
    title: 'Water, Borders and Trust in the Fergana Valley',
    empty: false,
    cut: false,
    leftOut: true,
    copied: true,
    url: 'https://colloquy.example/cas-2027/messages/0190',
  },
  subject: ({ ref }, t) => t('mail.replyNotice.subject', { ref }),
  body: ({ ref, title, url, ...told }, t) => [
    { paragraph: t('mail.replyNotice.lead', { ref, title }) },
    ...(['empty', 'cut', 'leftOut', 'copied'] as const)
      .filter((what) => told[what])
      .map((what) => ({ paragraph: t(`mail.replyNotice.${what}`) })),
    { action: t('mail.replyNotice.action'), url },
    { note: t('mail.replyNotice.why') },
  ],
});
