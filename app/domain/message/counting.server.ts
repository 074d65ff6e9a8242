import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import type { Write } from '#db/write';
import type { Blocks } from '../account/blocks.server';
import { countTogether, type Limit, MAX_UNANSWERED, type Reached } from '../account/limits.server';
import { mailboxesOfOwners } from '../account/mailbox-owners.server';
import type { DomainContext } from '../context';
import type { Consent } from './policy';

/** `unanswered`: that person has not written to the writer since, and first messages enough wait for them. */
export type TooMany = ({ reason: 'limit' } & Reached) | { reason: 'unanswered'; name: string };

/** Who writes: by what their own messages are counted, and where they write from; null: not on the web. */
interface CountedWriter {
  key: string;
  mailboxId: Id<'mailbox'>;
  network: string | null;
}

interface CountedReader {
  /** Of a line of a byline that nobody has confirmed yet. */
  authorId?: Id<'author'>;
  name: string;
  mailboxId: Id<'mailbox'>;
  consent: Consent;
}

/** Whether anybody but this participant has written in a thread: from then on they are in conversation. */
export async function isAnswered(db: Database, threadId: Id<'thread'>, by: Id<'participant'>): Promise<boolean> {
  const other = await db
    .selectFrom('messages')
    .select('id')
    .where('thread_id', '=', threadId)
    .where('participant_id', '!=', by)
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}

/** Counts an answer among people who write to each other. It silences nobody else. */
export async function countAnswer(trx: Write, ctx: DomainContext, { key }: CountedWriter): Promise<TooMany | null> {
  const reached = await countTogether(trx, ctx, [['answer', key]]);
  return reached && { reason: 'limit', ...reached };
}

/**
 * Counts what begins a conversation, or goes on with one that nobody has answered yet, everywhere where there is a limit;
 * all or nothing. It does not count for a reader whose block stops it.
 */
export async function countFirstMessage(
  trx: Write,
  ctx: DomainContext,
  conference: { id: Id<'conference'> },
  writer: CountedWriter,
  readers: readonly CountedReader[],
  { blockers }: Blocks,
): Promise<TooMany | null> {
  // What is not sent to an address must not count there: nobody is to learn what else comes to an address that they have
  // guessed into a byline, nor to use up what its owner takes in a day.
  const to = new Set<string>(
    readers.flatMap((reader) => (reader.consent === 'waiting' ? (reader.authorId ?? []) : reader.mailboxId)),
  );
  const isBlocked = (reader: string) => blockers.has(reader as Id<'mailbox'>);
  const tries: [Limit, string][] = [['message', writer.key]];
  if (writer.network) tries.push(['messageFrom', writer.network]);
  for (const reader of to) if (!isBlocked(reader)) tries.push(['messageTo', reader]);
  tries.push(['messageAt', conference.id], ['messageAnywhere', '']);
  // Whoever is blocked is refused when others are: they are not to tell by it.
  const within = [...to].filter(isBlocked).map((reader): [Limit, string] => ['messageTo', reader]);
  const reached = await countTogether(trx, ctx, tries, within);
  return reached && { reason: 'limit', ...reached };
}

/** The name of a reader with whom this person has begun often enough without an answer; null: there is none. */
export async function silentReader(
  db: Database,
  writer: Pick<CountedWriter, 'mailboxId'>,
  readers: readonly CountedReader[],
): Promise<string | null> {
  if (readers.length === 0) return null;
  const people = await mailboxesOfOwners(db, [writer.mailboxId, ...readers.map((reader) => reader.mailboxId)]);
  const own = people.get(writer.mailboxId) ?? [writer.mailboxId];
  for (const reader of readers) {
    const isReader =
      reader.consent === 'waiting' ? { author: reader.authorId } : { mailboxes: people.get(reader.mailboxId) };
    // When that one last wrote is asked only where it can matter.
    if ((await begunWith(db, own, isReader)) < MAX_UNANSWERED) continue;
    if ((await begunWith(db, own, isReader, await latestBy(db, own, isReader))) >= MAX_UNANSWERED) return reader.name;
  }
  return null;
}

/** By the line of a byline, or by the mailboxes of who has said yes to it. */
interface Reader {
  author?: Id<'author'>;
  mailboxes?: readonly Id<'mailbox'>[];
}

/** What the person with these mailboxes takes part in together with that reader. */
function shared(db: Database, own: readonly Id<'mailbox'>[], { author, mailboxes = [] }: Reader) {
  return db
    .selectFrom('participants as writer')
    .innerJoin('participants as reader', (join) =>
      join.onRef('reader.thread_id', '=', 'writer.thread_id').onRef('reader.id', '!=', 'writer.id'),
    )
    .where('writer.mailbox_id', 'in', own)
    .where((eb) =>
      author
        ? eb.and([eb('reader.author_id', '=', author), eb('reader.consent', '=', 'waiting')])
        : eb.and([eb('reader.mailbox_id', 'in', mailboxes), eb('reader.consent', '!=', 'waiting')]),
    );
}

/** The newest message that the reader has written to them. */
async function latestBy(
  db: Database,
  own: readonly Id<'mailbox'>[],
  reader: Reader,
): Promise<Id<'message'> | undefined> {
  const found = await shared(db, own, reader)
    .innerJoin('messages', (join) =>
      join.onRef('messages.thread_id', '=', 'writer.thread_id').onRef('messages.participant_id', '=', 'reader.id'),
    )
    .select((eb) => eb.fn.max('messages.id').as('last'))
    .executeTakeFirst();
  return found?.last ?? undefined;
}

/** How many conversations they have begun with the reader since that message, and nobody else has written in. */
async function begunWith(
  db: Database,
  own: readonly Id<'mailbox'>[],
  reader: Reader,
  since: Id<'message'> | undefined = undefined,
): Promise<number> {
  const { count } = await shared(db, own, reader)
    .select((eb) => eb.fn.count<number>('writer.thread_id').distinct().as('count'))
    .where('writer.role', '=', 'correspondent')
    // Both ids say when they were made, and so which was first.
    .$if(since !== undefined, (query) => query.where('writer.thread_id', '>', since as string as Id<'thread'>))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('messages as other')
            .select('other.id')
            .whereRef('other.thread_id', '=', 'writer.thread_id')
            .whereRef('other.participant_id', '!=', 'writer.id'),
        ),
      ),
    )
    .executeTakeFirstOrThrow();
  return Number(count);
}
