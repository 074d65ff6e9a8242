import { z } from 'zod';
import { defineMail } from './mail';

const props = z.object({
  /** Whether it is the second and last time. */
  again: z.boolean(),
  title: z.string(),
  /** The authors in their order, a line each. */
  byline: z.string(),
  conference: z.string(),
  /** Where one says yes, corrects one's line or says no, without signing in. */
  url: z.url(),
});

/**
 * Asks somebody whom a submitter has named as an author whether the paper is theirs. Holds nothing that the submitter
 * has typed but title, names and affiliations.
 */
export const authorAsked = defineMail<z.infer<typeof props>>({
  kind: 'author-asked',
  props,
  sample: {
    again: false,
    title: 'Water, Borders and Trust in the Fergana Valley',
    byline: 'Dilnoza Example (University of Example)\nTimur Sample',
    conference: 'Central Asian Studies 2027',
    url: 'https://colloquy.example/authorship/0190',
  },
  subject: ({ again, conference }, t) => t(again ? 'mail.author.subjectAgain' : 'mail.author.subject', { conference }),
  body: ({ again, title, byline, conference, url }, t) => [
    { paragraph: t(again ? 'mail.author.leadAgain' : 'mail.author.lead', { conference }) },
    { quote: `${title}\n${byline}` },
    { paragraph: t('mail.author.what') },
    { action: t('mail.author.action'), url },
    { note: t(again ? 'mail.author.whyAgain' : 'mail.author.why', { conference }) },
  ],
});
