import { z } from 'zod';
import { addressKey, addressSchema, holdsNoAddress, personNameSchema } from '../account/schema';
import { line } from '../conference/schema';
import { publishesAddress } from '../mail/gate';
import { cleanLine, cleanText } from '../text';
import { countWords } from '../word-count';
import { parseOrcid } from './orcid';

export const MOST_AUTHORS = 50;
export const MOST_KEYWORDS = 20;
/** Characters; the word limit of the format is the one that people meet. */
export const MOST_ABSTRACT = 60_000;
const MOST_TITLE = 400;

const orcid = z
  .string()
  // As an address it may go on after the iD.
  .max(300)
  .transform((typed, ctx) => {
    const parsed = parseOrcid(typed);
    if (parsed) return parsed;
    ctx.addIssue({ code: 'custom', params: { key: 'error.orcid' } });
    return z.NEVER;
  });

/** How a byline spells one of its people. */
export const lineSchema = z.object({
  name: personNameSchema,
  affiliation: z
    .string()
    .transform(cleanLine)
    .pipe(
      z
        .string()
        .max(300, { abort: true })
        .refine(holdsNoAddress, { params: { key: 'error.addressInside' } }),
    )
    .default(''),
  orcid: orcid.optional(),
});

const author = lineSchema.extend({
  /** Known from the version that was edited; empty for a new author. */
  id: z.string().max(40).optional(),
  /** Whoever fills in the form: mail to this author goes wherever their account's mail goes. */
  me: z.boolean().default(false),
  /** Only ever written: an author who has one keeps it when this is left empty. */
  address: addressSchema.optional(),
  forgetAddress: z.boolean().default(false),
  presenter: z.boolean().default(false),
  contactable: z.boolean().default(false),
  /** Whether this co-author may change the text. */
  mayEdit: z.boolean().default(false),
});
export type AuthorInput = z.infer<typeof author>;

export const bylineSchema = z.array(author).max(MOST_AUTHORS).default([]);

/** What two lines of a byline cannot both say. */
function distinct(authors: unknown, refuse: (path: (string | number)[], key: string) => void): void {
  if (!Array.isArray(authors)) return;
  // Whatever shape comes in.
  const lines = authors.map((line: { me?: unknown; address?: unknown } | null | undefined) => line ?? {});
  const addresses = lines.map(({ address }) => (typeof address === 'string' ? addressKey(address) : null));
  for (const [index, { me }] of lines.entries()) {
    if (me === true && lines.findIndex((line) => line.me === true) < index)
      refuse(['authors', index, 'me'], 'error.twoOfMe');
    const address = addresses[index];
    if (address && addresses.indexOf(address) < index) refuse(['authors', index, 'address'], 'error.sameAddress');
  }
}

const keywords = z
  .string()
  .transform((typed) => [
    ...new Set(
      typed
        .split(/[,;،؛、，；\n]/)
        .map(cleanLine)
        .filter(Boolean),
    ),
  ])
  .pipe(z.array(z.string().max(100)).max(MOST_KEYWORDS))
  .default([]);

export interface Choices {
  formats: readonly { id: string; wordLimit: number }[];
  themes: readonly { id: string }[];
  /** What has been handed in stays whole, whatever the form says. */
  handedIn?: boolean;
  /** Whether the form is of the text alone: its byline is not for this person, or no longer, to change. */
  bylineFixed?: boolean;
}

/**
 * The author's form. A draft may be unfinished; what is submitted is whole. `intent` says which it is:
 * `draft` and `submit` for what has not been handed in, `save` for what has.
 */
export function submissionSchema(choices: Choices) {
  return z
    .object({
      // A press that adds or moves an author names none.
      intent: z.enum(['draft', 'submit', 'save']).default('draft'),
      /** Of a new submission: made with the form, so that its second press is known. */
      key: z.uuid().optional().catch(undefined),
      baseVersion: z.string().max(40).optional(),
      title: line(MOST_TITLE),
      abstract: z.string().transform(cleanText).pipe(z.string().max(MOST_ABSTRACT)).default(''),
      markdown: z.boolean().default(false),
      formatId: z.string().max(40).default(''),
      themeId: z.string().max(40).default(''),
      keywords,
      language: z
        .string()
        .trim()
        .regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$/, { error: 'error.language' })
        .max(35)
        .optional(),
      /** To give away an address that the text holds. */
      consent: z.boolean().optional(),
      authors: bylineSchema,
    })
    .check(wholeness(choices));
}

/** What no single field can know. Runs also where a field is wrong, so that all errors are told at once. */
function wholeness(choices: Choices) {
  return z.superRefine<{
    intent: string;
    abstract?: unknown;
    formatId?: unknown;
    themeId?: unknown;
    authors?: unknown;
    title?: unknown;
    keywords?: unknown;
    consent?: unknown;
  }>(
    (value, ctx) => {
      const refuse = (path: string, key: string, values = {}) =>
        ctx.addIssue({ code: 'custom', path: [path], params: { key, ...values } });
      distinct(value.authors, (path, key) => ctx.addIssue({ code: 'custom', path, params: { key } }));
      const format = choices.formats.find(({ id }) => id === value.formatId);
      // A saved version has both, so a draft needs them too.
      const draft = value.intent === 'draft' && !choices.handedIn;
      const missing = (chosen: unknown) => {
        if (chosen) return 'error.choice';
        return draft ? 'error.chooseForDraft' : 'error.chooseOne';
      };
      if (!format) refuse('formatId', missing(value.formatId));
      if (!choices.themes.some(({ id }) => id === value.themeId)) refuse('themeId', missing(value.themeId));
      if (draft) return;
      if (!value.abstract) refuse('abstract', 'error.required');
      // Counted only where it is not too long by its characters, which has been told by now.
      const short = typeof value.abstract === 'string' && value.abstract.length <= MOST_ABSTRACT;
      const words = short ? countWords(value.abstract as string) : 0;
      if (format && words > format.wordLimit) refuse('abstract', 'error.words', { words, limit: format.wordLimit });
      const text = [value.title, value.abstract, value.keywords].flat().filter((part) => typeof part === 'string');
      if (value.consent !== true && text.some(publishesAddress)) refuse('consent', 'error.addressPublic');
      if (!choices.bylineFixed && Array.isArray(value.authors) && value.authors.length === 0)
        refuse('authors', 'error.noAuthors');
    },
    { when: () => true },
  );
}

/** The byline alone, as an organiser changes it: of what has been handed in, so it is whole. */
export const bylineFormSchema = z
  .object({ baseVersion: z.string().max(40).default(''), authors: bylineSchema })
  .superRefine(({ authors }, ctx) => {
    distinct(authors, (path, key) => ctx.addIssue({ code: 'custom', path, params: { key } }));
    if (authors.length === 0) ctx.addIssue({ code: 'custom', path: ['authors'], params: { key: 'error.noAuthors' } });
  });

export type SubmissionInput = z.infer<ReturnType<typeof submissionSchema>>;
