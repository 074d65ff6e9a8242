import { z } from 'zod';
import { parseAddress } from '../account/schema';
import { cleanLine, cleanName, cleanText } from '../text';
import { parseOrcid } from './orcid';

/** Wider than the author's form: what was published elsewhere is taken as it is. */
const MOST_REF = 200;
const MOST_TITLE = 2_000;
const MOST_ABSTRACT = 200_000;
const MOST_AUTHORS = 200;
const MOST_NAME = 500;
const MOST_AFFILIATION = 2_000;
const MOST_CHOICE = 2_000;
const MOST_KEYWORDS = 200;
/** PostgreSQL's index, which keeps the names of formats and themes unique, takes no more bytes than this and a little. */
const MOST_CHOICE_BYTES = 2_500;
/** What a paper without a format or theme is filed under. */
const UNSPECIFIED = 'Unspecified';
const LANGUAGE = /^(?=.{2,35}$)[a-z]{2,3}(-[a-z0-9]{1,8})*$/i;

export interface ImportedAuthor {
  name: string;
  affiliation: string;
  presenter: boolean;
  orcid: string | null;
  address: string | null;
}

export interface ImportedPaper {
  ref: string;
  title: string;
  abstract: string;
  markup: 'plain' | 'markdown';
  format: string;
  theme: string;
  keywords: string[];
  language: string;
  authors: ImportedAuthor[];
}

export type ReadPaper = { ok: true; paper: ImportedPaper; warnings: string[] } | { ok: false; reason: string };

/** Reads one line of JSON. Neither reasons nor warnings quote it: what is wrong in it may be an address. */
export function readPaper(line: string): ReadPaper {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, reason: 'not valid JSON' };
  }
  const parsed = paperSchema.safeParse(value);
  if (!parsed.success) return { ok: false, reason: parsed.error.issues.slice(0, 3).map(describe).join('; ') };
  const warnings: string[] = [];
  const warn = (where: string, what: string) => warnings.push(`${where}: ${what}`);
  const { authors, language, format, theme, ...rest } = parsed.data;
  return {
    ok: true,
    paper: {
      ...rest,
      format: choiceName(format, (what) => warn('format', what)),
      theme: choiceName(theme, (what) => warn('theme', what)),
      language: knownLanguage(language, (what) => warn('language', what)),
      authors: authors
        .map((author, index) => readAuthor(author, (field, what) => warn(`authors[${index}].${field}`, what)))
        .filter((author) => author.name || author.affiliation),
    },
    warnings,
  };
}

/** An absent field and an explicit null are the same: exports write either. */
function or<T>(schema: z.ZodType<T, unknown>, fallback: T) {
  return schema.nullish().transform((value) => value ?? fallback);
}

function line(max: number) {
  return z.string().transform(cleanLine).pipe(z.string().max(max));
}

const authorSchema = z.object({
  name: or(z.string().transform(cleanName).pipe(z.string().max(MOST_NAME)), ''),
  affiliation: or(line(MOST_AFFILIATION), ''),
  presenter: or(z.boolean(), false),
  orcid: or(z.string(), ''),
  email: or(z.string(), ''),
});

/** Fields that the portal does not know (session, reviews, source) are passed over. */
const paperSchema = z.object({
  ref: line(MOST_REF)
    .refine((ref) => ref !== '', 'must not be empty')
    // Browsers resolve these away, so their pages could not be reached.
    .refine((ref) => ref !== '.' && ref !== '..', 'cannot stand in a web address'),
  title: or(line(MOST_TITLE), ''),
  abstract: or(z.string().transform(cleanText).pipe(z.string().max(MOST_ABSTRACT)), ''),
  markup: or(z.enum(['plain', 'markdown']), 'plain'),
  format: or(line(MOST_CHOICE), ''),
  theme: or(line(MOST_CHOICE), ''),
  keywords: or(
    z
      .array(line(MOST_NAME))
      .transform((words) => [...new Set(words.filter(Boolean))])
      .pipe(z.array(z.string()).max(MOST_KEYWORDS)),
    [],
  ),
  language: or(z.string(), ''),
  authors: or(z.array(authorSchema).max(MOST_AUTHORS), []),
});

function readAuthor(author: z.infer<typeof authorSchema>, warn: (field: string, what: string) => void): ImportedAuthor {
  const orcid = author.orcid.trim() ? parseOrcid(author.orcid) : null;
  if (author.orcid.trim() && !orcid) warn('orcid', 'not an ORCID iD (its check digit is wrong); left out');
  const address = author.email.trim() ? parseAddress(author.email) : null;
  if (author.email.trim() && !address) warn('email', 'not a mail address that the portal can write to; left out');
  const hide = (field: 'name' | 'affiliation') =>
    withoutAddresses(author[field], () => warn(field, 'held a mail address, which was taken out'));
  return { name: hide('name'), affiliation: hide('affiliation'), presenter: author.presenter, orcid, address };
}

/** Names and affiliations are shown to everybody; an address that strayed into one is not. */
function withoutAddresses(text: string, warn: () => void): string {
  if (!text.includes('@')) return text;
  const rest = text.replace(/[<([]?([^\s<>()[\],;:"]+@[^\s<>()[\],;:"]+)[>)\]]?/g, (all, word: string) =>
    parseAddress(word.replace(/\.+$/, '')) ? '' : all,
  );
  if (rest === text) return text;
  warn();
  return rest
    .replace(/\s+/g, ' ')
    .replace(/[\s,;:]+$/, '')
    .trim();
}

function choiceName(name: string, warn: (what: string) => void): string {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length <= MOST_CHOICE_BYTES) return name || UNSPECIFIED;
  warn('longer than a name can be; shortened');
  // The decoder turns a character that was cut in two into U+FFFD.
  return `${new TextDecoder().decode(bytes.subarray(0, MOST_CHOICE_BYTES - 6)).replace(/\uFFFD+$/, '')}…`;
}

function knownLanguage(language: string, warn: (what: string) => void): string {
  const tag = language.trim();
  if (tag === '' || LANGUAGE.test(tag)) return tag;
  warn('not a language tag (BCP 47); left out');
  return '';
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  return path ? `${path}: ${issue.message}` : issue.message;
}
