import { z } from 'zod';
import type { Block } from './layout';
import { defineMail } from './mail';

const props = z.object({
  conference: z.string(),
  act: z.enum(['warned', 'suspended', 'lifted']),
  /** The conduct contacts' own words; may be empty. */
  note: z.string(),
  url: z.url(),
});

/** From the conduct contacts to somebody whose message was reported: neither who reported it nor which it was. */
export const conductNotice = defineMail<z.infer<typeof props>>({
  kind: 'conduct-notice',
  props,
  sample: {
    conference: 'Central Asian Studies 2027',
    act: 'warned',
    note: 'Please write to nobody twice about it.',
    url: 'https://colloquy.example/cas-2027',
  },
  subject: ({ conference, act }, t) => t(`mail.conduct.${act}.subject`, { conference }),
  body: ({ conference, act, note, url }, t) => [
    { paragraph: t(`mail.conduct.${act}.lead`, { conference }) },
    ...(note ? ([{ paragraph: t('mail.conduct.note') }, { quote: note }] satisfies Block[]) : []),
    { action: t('mail.invitation.action'), url },
    { note: t('mail.conduct.why', { conference }) },
  ],
});
