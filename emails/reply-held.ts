import { z } from 'zod';
import { HELD_REASONS } from '#db/schema';
import { defineMail } from './mail';

const props = z.object({
  ref: z.string(),
  title: z.string(),
  reason: z.enum(HELD_REASONS),
  url: z.url(),
});

/** Asks somebody whether an answer that came by mail in their name is to go on. */
export const replyHeld = defineMail<z.infer<typeof props>>({
  kind: 'reply-held',
  props,
  sample: {
    ref: 'T0121',
    title: 'Water, Borders and Trust in the Fergana Valley',
    reason: 'address',
    url: 'https://colloquy.example/cas-2027/messages/0190',
  },
  subject: ({ ref }, t) => t('mail.replyHeld.subject', { ref }),
  body: ({ ref, title, reason, url }, t) => [
    { paragraph: t('mail.replyHeld.lead', { ref, title }) },
    { paragraph: t(`mail.replyHeld.${reason}`) },
    { action: t('mail.replyHeld.action'), url },
    { note: t('mail.replyHeld.why') },
  ],
});
