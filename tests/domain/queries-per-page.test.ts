import type { LoaderFunctionArgs } from '@remix-run/node';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newId } from '#db/ids';
import { type Database, openDatabase } from '#db/open';
import type { Id } from '#db/schema';
import { write } from '#db/write';
import { openLucia } from '~/auth/lucia.server';
import { openSessions } from '~/auth/sessions.server';
import { createAccount, grantRole } from '~/domain/account/commands.server';
import { verifyMailbox } from '~/domain/account/mailbox-owners.server';
import { mailboxFor } from '~/domain/account/mailboxes.server';
import { viewerOf } from '~/domain/account/queries.server';
import { createConference } from '~/domain/conference/commands.server';
import { conferenceBySlug, formatsOf } from '~/domain/conference/queries.server';
import { answer, sendMessage } from '~/domain/message/commands.server';
import { threadsOf } from '~/domain/message/thread-list.server';
import { importPapers } from '~/domain/submission/import.server';
import { Newsroom } from '~/http/news.server';
import { requestContext } from '~/http/portal.server';
import * as root from '~/root';
import * as thread from '~/routes/messages/thread';
import * as threads from '~/routes/messages/threads';
import * as message from '~/routes/messages/write';
import * as conference from '~/routes/public/conference';
import * as paper from '~/routes/public/paper';
import * as programme from '~/routes/public/programme';
import * as schedule from '~/routes/public/schedule';
import * as review from '~/routes/review/list';
import * as reviewed from '~/routes/review/submission';
import { type TestContext, testContext } from '../support/context';
import { engines } from '../support/database';

type Loader = (args: LoaderFunctionArgs) => Promise<unknown>;
type Page = [path: string, loader: Loader, anonymous: number | null, signedIn: number];

const PAGES: Page[] = [
  ['/c', conference.loader, 3, 6],
  ['/c/papers/P7', paper.loader, 3, 7],
  ['/c/papers/P7/message', message.loader, 5, 8],
  ['/c/programme', programme.loader, 5, 9],
  ['/c/programme?format=FORMAT', programme.loader, 5, 9],
  ['/c/programme?q=shared', programme.loader, 5, 9],
  ['/c/programme?q=shared&format=FORMAT', programme.loader, 5, 9],
  // Nothing has the word, so beginnings are looked for.
  ['/c/programme?q=shar', programme.loader, 6, 10],
  ['/c/schedule', schedule.loader, null, 5],
  ['/c/messages', threads.loader, null, 6],
  ['/c/messages/THREAD', thread.loader, null, 12],
  ['/c/review?state=all', review.loader, null, 10],
  ['/c/review?state=all&format=FORMAT', review.loader, null, 10],
  ['/c/review/P7', reviewed.loader, null, 15],
];
const SIZES = [8, 130];

describe.each(engines)('the queries of a page on %s', (engine) => {
  test('are a handful, the same for a small and for a large conference', async () => {
    for (const size of SIZES) {
      const { ask, format, threadId } = await portal(engine, size);
      for (const [path, loader, anonymous, signedIn] of PAGES) {
        const url = path.replace('FORMAT', format).replace('THREAD', threadId);
        if (anonymous !== null)
          expect(await ask(url, loader, false), `${path} with ${size} papers`).toHaveLength(anonymous);
        expect(await ask(url, loader, true), `${path} with ${size} papers, signed in`).toHaveLength(signedIn);
      }
    }
  });
});

test('every query of a page finds its rows by an index', async () => {
  const { ask, format, threadId, ctx } = await portal('sqlite', 60);
  for (const [path, loader] of PAGES) {
    for (const { statement, parameters } of await ask(
      path.replace('FORMAT', format).replace('THREAD', threadId),
      loader,
      true,
    )) {
      const { rows } = await sql<{ detail: string }>`${sql.raw(explained(statement, parameters))}`.execute(ctx.db);
      const scans = rows
        .map((row) => row.detail)
        .filter((detail) => /^SCAN (?!paper_search VIRTUAL TABLE)/.test(detail));
      expect(scans, `${path}: ${statement}`).toEqual([]);
    }
  }
});

type Query = { statement: string; parameters: readonly unknown[] };

/** A conference of so many papers, and a door that says which queries a page makes. */
async function portal(engine: (typeof engines)[number], papers: number) {
  const ctx = await testContext({ engine });
  const format = await fill(ctx, papers);
  const queries: Query[] = [];
  const db = openDatabase(ctx.databaseUrl, {
    log: ({ query }) => void queries.push({ statement: query.sql, parameters: query.parameters }),
  });
  onTestFinished(() => db.destroy());
  const sessions = openSessions(db, openLucia(db, ctx.config, ctx.clock), ctx.clock);
  const app = { ...ctx, db, sessions, news: new Newsroom(ctx.db), capturedMail: '', resolver: async () => [] };
  const organiser = await makeOrganiser(ctx);
  const threadId = await writeToMany(ctx, organiser, papers);
  const cookie = (await sessions.begin(organiser)).split(';')[0]!;

  async function ask(path: string, loader: Loader, signedIn: boolean): Promise<Query[]> {
    const request = new Request(ctx.config.origin + path, { headers: signedIn ? { cookie } : {} });
    const context = requestContext(app, request, '192.0.2.1') as never;
    const params = { conference: 'c', ref: 'P7', thread: threadId };
    queries.length = 0;
    await Promise.all([root.loader, loader].map((load) => load({ context, params, request } as LoaderFunctionArgs)));
    return [...queries];
  }
  return { ask, format, threadId, ctx };
}

async function fill(ctx: TestContext, papers: number): Promise<string> {
  await createConference(ctx, { slug: 'c', name: 'Conference', timeZone: 'UTC', refPrefix: 'P' });
  const conference = (await conferenceBySlug(ctx.db, 'c'))!;
  const lines = Array.from({ length: papers }, (_, number) =>
    JSON.stringify({
      ref: `P${number}`,
      title: `Paper ${number}`,
      abstract: 'What all of them have shared.',
      format: number % 4 === 3 ? 'Poster' : 'Talk',
      theme: 'Theme',
      authors: [
        { name: 'First Author', affiliation: 'University', email: `author${number}@example.org` },
        { name: 'Second Author' },
      ],
    }),
  );
  await importPapers(ctx, conference, lines);
  return (await formatsOf(ctx.db, conference.id))[0]!.id;
}

async function makeOrganiser(ctx: TestContext) {
  const conference = (await conferenceBySlug(ctx.db, 'c'))!;
  return write(ctx.db, async (trx) => {
    const accountId = await createAccount(trx, ctx, 'Organiser');
    const mailboxId = await mailboxFor(trx as Database, ctx.clock, 'organiser@example.org');
    await verifyMailbox(trx as Database, ctx.clock, mailboxId, accountId);
    await grantRole(trx, ctx, accountId, conference.id, 'organiser');
    return accountId;
  });
}

/** The organiser writes to an author of each of some papers, and often in the first of these threads, whose id it is. */
async function writeToMany(ctx: TestContext, accountId: Id<'account'>, papers: number): Promise<Id<'thread'>> {
  const conference = (await conferenceBySlug(ctx.db, 'c'))!;
  const viewer = await viewerOf(ctx.db, accountId, 'Organiser');
  const many = Math.min(papers / 4, 15);
  const published = await ctx.db
    .selectFrom('papers')
    .innerJoin('submissions', 'submissions.id', 'papers.submission_id')
    .innerJoin('submission_versions', 'submission_versions.id', 'papers.version_id')
    .innerJoin('version_authors', 'version_authors.version_id', 'papers.version_id')
    .innerJoin('authors', 'authors.id', 'version_authors.author_id')
    .select(['papers.submission_id as submissionId', 'papers.version_id as versionId', 'ref', 'title', 'author_id'])
    .where('authors.mailbox_id', 'is not', null)
    .orderBy('papers.position')
    .limit(many)
    .execute();
  for (const { author_id, ...paper } of published) {
    const input = { key: newId(), to: [author_id], subject: 'Sources', body: 'Which?' };
    expect(await sendMessage(ctx, conference, paper, viewer, input)).toEqual({ ok: true });
  }
  const { threads } = await threadsOf(ctx.db, conference.id, viewer);
  expect(threads).toHaveLength(many);
  for (let count = 0; count < many; count++)
    await answer(ctx, conference, threads[0]!.id, viewer, { key: newId(), body: 'And?' });
  return threads[0]!.id;
}

/** SQLite plans alike whatever the values, so they may stand in the text. */
function explained(statement: string, parameters: readonly unknown[]): string {
  let next = 0;
  return `explain query plan ${statement.replace(/\?/g, () => {
    const value = parameters[next++];
    return typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
  })}`;
}
