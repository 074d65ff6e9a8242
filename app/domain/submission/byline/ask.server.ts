import { instant } from '#db/ids';
import type { Id } from '#db/schema';
import type { Write } from '#db/write';
import { authorAsked } from '#emails/author-asked';
import { renderMail } from '#emails/mail';
import { countAttempt } from '../../account/limits.server';
import { looksLikeLink } from '../../account/looks-like-link';
import { personKeysOf } from '../../account/mailboxes.server';
import { DAY } from '../../clock';
import type { DomainContext } from '../../context';
import type { ClaimedLetter } from '../../mail/claims.server';
import { enqueue, type Objection, SUPERSEDED, takeOutSuperseded } from '../../mail/outbox.server';
import { type Author, authorsOf } from './authors.server';
import { authorshipPath, authorToken } from './link.server';

/** A submission with the byline of its current version, whose authors are asked whether it is theirs. */
interface Asked {
  id: Id<'submission'>;
  title: string;
  authors: readonly Author[];
}

type Host = { id: Id<'conference'>; name: string };

/** Who has named the authors, and from which network; null: not on the web, or by an import. */
export interface Asking {
  accountId: Id<'account'> | null;
  network: string | null;
}

/** Of an affiliation, as much as tells who is meant: in a mail to strangers there is no room for an advertisement. */
const MAX_AFFILIATION = 120;

/**
 * Asks each author in the newest version of a submission who has an address and has not been asked: one mail a person
 * and paper, however often it is saved. Beyond the limits of a person or a network nobody is told anything else; they
 * are asked later. `by.network`: where the save came from; null: from elsewhere than the web.
 */
export async function askAuthors(
  trx: Write,
  ctx: DomainContext,
  conference: Host,
  paper: { id: Id<'submission'>; title: string; versionId: Id<'version'> },
  by: Asking,
): Promise<void> {
  const submission = { ...paper, authors: await authorsOf(trx, paper.versionId) };
  const unasked = await neverAsked(trx, submission.id);
  const open = submission.authors.filter(
    ({ state, mailboxId }) =>
      mailboxId !== null && (state === 'listed' || (state === 'asked' && unasked.has(mailboxId))),
  );
  const asked = await withinLimits(trx, ctx, open, by);
  if (asked.length === 0) return;
  await queueAsking(trx, ctx, conference, submission, asked, 'asked');
  await trx
    .updateTable('authors')
    .set({ state: 'asked', asked_at: instant(ctx.clock.now()) })
    .where('id', 'in', ids(asked))
    .where('state', 'in', ['listed', 'asked'])
    .execute();
}

/** Whose question was stopped before it went, as the paper was withdrawn or their line taken out. */
async function neverAsked(trx: Write, submissionId: Id<'submission'>): Promise<Set<Id<'mailbox'>>> {
  const rows = await trx
    .selectFrom('outbox')
    .select('mailbox_id')
    .where('submission_id', '=', submissionId)
    .where('kind', '=', 'author-asked')
    .where('state', '=', 'cancelled')
    .where('error_code', '=', SUPERSEDED)
    .execute();
  return new Set(rows.map((row) => row.mailbox_id));
}

/** How long somebody has to answer before they are asked once more. */
const PATIENCE = DAY;

/**
 * Asks once more, and not a third time, who has not answered a question that went out a day ago: as the decision on their
 * paper goes, or once that day is over.
 */
export async function remindAuthors(
  trx: Write,
  ctx: DomainContext,
  conference: Host,
  submission: Asked,
): Promise<void> {
  const silent = submission.authors.filter((author) => author.state === 'asked' && author.mailboxId !== null);
  if (silent.length === 0) return;
  const asked = await trx
    .selectFrom('outbox')
    .select('mailbox_id')
    .where(
      'dedupe_key',
      'in',
      silent.map((author) => keyOf('asked', submission, author)),
    )
    .where('state', 'in', ['sent', 'unknown'])
    .where('created_at', '<=', instant(new Date(ctx.clock.now().getTime() - PATIENCE)))
    .execute();
  const reached = new Set(asked.map((row) => row.mailbox_id));
  const waiting = await trx
    .selectFrom('authors')
    .select('id')
    .where('id', 'in', ids(silent))
    .where('reminded_at', 'is', null)
    .execute();
  const due = silent.filter(({ id, mailboxId }) => reached.has(mailboxId!) && waiting.some((row) => row.id === id));
  const reminded = await withinLimits(trx, ctx, due, { accountId: null, network: null });
  if (reminded.length === 0) return;
  await trx
    .updateTable('authors')
    .set({ reminded_at: instant(ctx.clock.now()) })
    .where('id', 'in', ids(reminded))
    .execute();
  await queueAsking(trx, ctx, conference, submission, reminded, 'reminded');
}

async function withinLimits(
  trx: Write,
  ctx: DomainContext,
  authors: readonly Author[],
  { accountId, network }: Asking,
): Promise<Author[]> {
  const persons = await personKeysOf(
    trx,
    authors.flatMap((author) => author.mailboxId ?? []),
  );
  const within: Author[] = [];
  for (const author of authors) {
    const person = persons.get(author.mailboxId!) ?? author.id;
    let retryAt = network && (await countAttempt(trx, ctx, 'authorAskedFrom', network));
    if (accountId) retryAt ||= await countAttempt(trx, ctx, 'authorAskedBy', accountId);
    if (accountId) retryAt ||= await countAttempt(trx, ctx, 'authorAskedByOne', `${accountId} ${person}`);
    retryAt ||= await countAttempt(trx, ctx, 'authorAsked', person);
    if (!retryAt) within.push(author);
  }
  return within;
}

function keyOf(which: 'asked' | 'reminded', submission: Pick<Asked, 'id'>, author: Author): string {
  return `author:${which}:${submission.id}:${author.mailboxId}`;
}

async function queueAsking(
  trx: Write,
  ctx: DomainContext,
  conference: Host,
  submission: Asked,
  authors: readonly Author[],
  which: 'asked' | 'reminded',
): Promise<void> {
  if (authors.length === 0) return;
  const key = (author: Author) => keyOf(which, submission, author);
  await takeOutSuperseded(trx, authors.map(key));
  await enqueue(
    trx,
    ctx,
    authors.map((author) => ({
      to: author.mailboxId!,
      mail: renderMail(authorAsked, {
        again: which === 'reminded',
        title: withoutLinks(submission.title),
        byline: submission.authors.map(asTyped).join('\n'),
        conference: conference.name,
        url:
          ctx.config.origin +
          authorshipPath(authorToken(ctx.config, { authorId: author.id, mailboxId: author.mailboxId! })),
      }),
      fromName: conference.name,
      conferenceId: conference.id,
      submissionId: submission.id,
      dedupeKey: key(author),
    })),
  );
}

function asTyped({ name, affiliation }: Author): string {
  return affiliation ? `${name} (${withoutLinks(clipped(affiliation))})` : name;
}

function clipped(text: string): string {
  const characters = [...text];
  return characters.length > MAX_AFFILIATION ? `${characters.slice(0, MAX_AFFILIATION).join('')} […]` : text;
}

/** The mail is ours, and what a stranger has typed must not send its reader anywhere. */
function withoutLinks(text: string): string {
  return text
    .split(/(\s+)/)
    .map((word) => (looksLikeLink(word) ? '[…]' : word))
    .join('');
}

function ids(authors: readonly Author[]): Id<'author'>[] {
  return authors.map((author) => author.id);
}

/** What stands against asking somebody now: they have answered, stand there no more, or the paper is withdrawn. */
export async function staleAsking(
  { db }: DomainContext,
  letters: readonly Pick<ClaimedLetter, 'id' | 'kind' | 'mailbox_id' | 'submission_id'>[],
): Promise<Map<Id<'outbox'>, Objection>> {
  const asking = letters.filter((letter) => letter.kind === 'author-asked' && letter.submission_id !== null);
  if (asking.length === 0) return new Map();
  const rows = await db
    .selectFrom('authors')
    .innerJoin('submissions', 'submissions.id', 'authors.submission_id')
    .innerJoin('version_authors', (join) =>
      join
        .onRef('version_authors.version_id', '=', 'submissions.current_version_id')
        .onRef('version_authors.author_id', '=', 'authors.id'),
    )
    .select(['authors.submission_id', 'authors.mailbox_id'])
    .where('authors.submission_id', 'in', [...new Set(asking.map((letter) => letter.submission_id!))])
    .where('authors.state', '=', 'asked')
    .where('submissions.state', 'not in', ['draft', 'withdrawn'])
    .execute();
  const open = new Set(rows.map((row) => `${row.submission_id} ${row.mailbox_id}`));
  const stale = asking.filter((letter) => !open.has(`${letter.submission_id} ${letter.mailbox_id}`));
  return new Map(stale.map(({ id }) => [id, { outcome: 'cancelled', code: SUPERSEDED }]));
}
