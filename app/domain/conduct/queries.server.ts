import type { ExpressionBuilder } from 'kysely';
import { instant } from '#db/ids';
import type { Database } from '#db/open';
import type { AuditAct, Id, Instant, ReportReason, Tables } from '#db/schema';
import type { Viewer } from '../account/viewer';
import { DAY } from '../clock';

export interface ReportLine {
  id: Id<'report'>;
  ref: string;
  reason: ReportReason;
  createdAt: Instant;
  settledAt: Instant | null;
  /** What was done last; null: nothing yet. */
  decided: AuditAct | null;
}

const PAGE = 50;

/** `next`: what `before` is for the page after this one; null: there is none. */
export interface Page<Line> {
  lines: Line[];
  next: string | null;
}

function page<Line extends { id: string }>(rows: Line[]): Page<Line> {
  const lines = rows.slice(0, PAGE);
  return { lines, next: rows.length > PAGE ? lines.at(-1)!.id : null };
}

/**
 * What has been reported at a conference and is open, or settled, the newest first. Nobody judges what is about
 * themselves: that is left out. `before`: the id at which the page before ended.
 */
export async function reportsFor(
  db: Database,
  conferenceId: Id<'conference'>,
  viewer: Viewer,
  options: { settled?: boolean; before?: string } = {},
): Promise<Page<ReportLine>> {
  let query = reports(db, conferenceId, viewer)
    .select(['reports.id', 'submissions.ref', 'reports.reason'])
    .select(['reports.created_at as createdAt', 'reports.settled_at as settledAt'])
    .select(lastDecision)
    .where('reports.settled_at', options.settled ? 'is not' : 'is', null);
  if (options.before) query = query.where('reports.id', '<', options.before as Id<'report'>);
  return page(
    await query
      .orderBy('reports.id', 'desc')
      .limit(PAGE + 1)
      .execute(),
  );
}

/** What a conduct contact has done about a report, with the words that went to the writer, if any. */
export interface Decided {
  by: string;
  act: AuditAct;
  words: string;
  at: Instant;
}

/** What has been decided about a report that this viewer reads, the first first. */
export async function decisionsOn(db: Database, report: Pick<Report, 'id'>): Promise<Decided[]> {
  return db
    .selectFrom('audit')
    .innerJoin('accounts', 'accounts.id', 'audit.account_id')
    .select(['accounts.name as by', 'audit.act', 'audit.note as words', 'audit.at'])
    .where('audit.report_id', '=', report.id)
    .where('audit.act', '!=', 'read')
    .orderBy('audit.id')
    .limit(100)
    .execute();
}

export interface Report extends ReportLine {
  title: string;
  subject: string;
  note: string;
  thread: { id: Id<'thread'>; closedAt: Instant | null };
  message: { id: Id<'message'>; body: string; createdAt: Instant };
  writer: { name: string; mailboxId: Id<'mailbox'> };
}

/** One report with the one message that it is about, and nothing of who reported it; null out of the viewer's reach. */
export async function reportById(
  db: Database,
  conferenceId: Id<'conference'>,
  id: string,
  viewer: Viewer,
): Promise<Report | null> {
  const row = await reports(db, conferenceId, viewer)
    .innerJoin('submission_versions', 'submission_versions.id', 'threads.version_id')
    .select(['reports.id', 'submissions.ref', 'submission_versions.title', 'threads.subject'])
    .select(['reports.reason', 'reports.note'])
    .select(['reports.created_at as createdAt', 'reports.settled_at as settledAt'])
    .select(lastDecision)
    .select(['threads.id as threadId', 'threads.closed_at as closedAt'])
    .select(['messages.id as messageId', 'messages.body', 'messages.created_at as writtenAt'])
    .select(['writer.name', 'writer.mailbox_id as mailboxId'])
    .where('reports.id', '=', id as Id<'report'>)
    .executeTakeFirst();
  if (!row) return null;
  const { threadId, closedAt, messageId, body, writtenAt, name, mailboxId, ...report } = row;
  return {
    ...report,
    thread: { id: threadId, closedAt },
    message: { id: messageId, body, createdAt: writtenAt },
    writer: { name, mailboxId },
  };
}

function lastDecision(eb: ExpressionBuilder<Tables, 'reports'>) {
  return eb
    .selectFrom('audit')
    .select('audit.act')
    .whereRef('audit.report_id', '=', 'reports.id')
    .where('audit.act', '!=', 'read')
    .orderBy('audit.id', 'desc')
    .limit(1)
    .as('decided');
}

function reports(db: Database, conferenceId: Id<'conference'>, viewer: Viewer) {
  return db
    .selectFrom('reports')
    .innerJoin('messages', 'messages.id', 'reports.message_id')
    .innerJoin('threads', 'threads.id', 'messages.thread_id')
    .innerJoin('submissions', 'submissions.id', 'threads.submission_id')
    .innerJoin('participants as writer', 'writer.id', 'messages.participant_id')
    .where('reports.conference_id', '=', conferenceId)
    .where('writer.mailbox_id', 'not in', viewer.mailboxIds);
}

export interface AuditLine {
  id: Id<'audit'>;
  by: string;
  act: AuditAct;
  ref: string | null;
  /** Who was named a contact, or removed. */
  name: string | null;
  at: Instant;
}

/**
 * What conduct contacts have read and done, the newest first: who, what, about which paper's report. No words. What is
 * about a message of the viewer's own is left out: by paper and time it would tell them who has reported it.
 */
export async function auditOf(
  db: Database,
  conferenceId: Id<'conference'>,
  before?: string,
  viewer?: Viewer,
): Promise<Page<AuditLine>> {
  let query = db
    .selectFrom('audit')
    .innerJoin('accounts', 'accounts.id', 'audit.account_id')
    .leftJoin('reports', 'reports.id', 'audit.report_id')
    .leftJoin('messages', 'messages.id', 'reports.message_id')
    .leftJoin('threads', 'threads.id', 'messages.thread_id')
    .leftJoin('submissions', 'submissions.id', 'threads.submission_id')
    .leftJoin('participants as writer', 'writer.id', 'messages.participant_id')
    .select(['audit.id', 'accounts.name as by', 'audit.act', 'submissions.ref', 'audit.at'])
    .select((eb) =>
      eb.case().when('audit.act', 'in', ['named', 'removed']).then(eb.ref('audit.note')).else(null).end().as('name'),
    )
    .where('audit.conference_id', '=', conferenceId);
  if (viewer && viewer.mailboxIds.length > 0)
    query = query.where((eb) =>
      eb.or([eb('writer.id', 'is', null), eb('writer.mailbox_id', 'not in', viewer.mailboxIds)]),
    );
  if (before) query = query.where('audit.id', '<', before as Id<'audit'>);
  return page(
    await query
      .orderBy('audit.id', 'desc')
      .limit(PAGE + 1)
      .execute(),
  );
}

export interface Volumes {
  threads: number;
  messages: number;
  lastDay: number;
  reports: number;
  openReports: number;
  contacts: number;
}

/** How much is written and reported at a conference, for its organisers: numbers and no words. */
export async function volumesOf(db: Database, conferenceId: Id<'conference'>, now: Date): Promise<Volumes> {
  const dayAgo = instant(new Date(now.getTime() - DAY));
  const row = await db
    .selectNoFrom((eb) => {
      const messages = eb
        .selectFrom('messages')
        .innerJoin('threads', 'threads.id', 'messages.thread_id')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('threads.conference_id', '=', conferenceId);
      const reports = eb
        .selectFrom('reports')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('conference_id', '=', conferenceId);
      return [
        eb
          .selectFrom('threads')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('conference_id', '=', conferenceId)
          .as('threads'),
        messages.as('messages'),
        messages.where('messages.created_at', '>=', dayAgo).as('lastDay'),
        reports.as('reports'),
        reports.where('settled_at', 'is', null).as('openReports'),
        eb
          .selectFrom('memberships')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('conference_id', '=', conferenceId)
          .where('role', '=', 'conduct')
          .as('contacts'),
      ];
    })
    .executeTakeFirstOrThrow();
  const number = (value: number | null) => Number(value ?? 0);
  return {
    threads: number(row.threads),
    messages: number(row.messages),
    lastDay: number(row.lastDay),
    reports: number(row.reports),
    openReports: number(row.openReports),
    contacts: number(row.contacts),
  };
}
