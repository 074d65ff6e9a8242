import demoConference from '#db/demo/conference.json';
import paperLines from '#db/demo/papers.jsonl?raw';
import demoSubmissions from '#db/demo/submissions.json';
import { newId } from '#db/ids';
import type { Id, Outcome, Role } from '#db/schema';
import { write } from '#db/write';
import { createAccount, grantRole, setPassword } from './domain/account/commands.server';
import { verifyMailbox } from './domain/account/mailbox-owners.server';
import { mailboxFor } from './domain/account/mailboxes.server';
import { viewerOf } from './domain/account/queries.server';
import type { Viewer } from './domain/account/viewer';
import { DAY, HOUR } from './domain/clock';
import { reportMessage } from './domain/conduct/commands.server';
import { createConference, insertFormat, insertTheme } from './domain/conference/commands.server';
import {
  type Conference,
  conferenceBySlug,
  conferences,
  formatsOf,
  themesOf,
} from './domain/conference/queries.server';
import type { DomainContext } from './domain/context';
import { answer, sendMessage } from './domain/message/commands.server';
import { threadById } from './domain/message/queries.server';
import { recipientsOf } from './domain/message/recipients.server';
import { threadsOf } from './domain/message/thread-list.server';
import { setStar } from './domain/programme/commands.server';
import { paperByRef } from './domain/programme/queries.server';
import { saveReview } from './domain/review/commands.server';
import { decide } from './domain/review/decisions.server';
import { createSubmission, withdrawSubmission } from './domain/submission/commands.server';
import { importPapers } from './domain/submission/import.server';
import { submissionByRef } from './domain/submission/queries.server';
import { submissionSchema } from './domain/submission/schema';
import { instantToZoned, zonedToInstant } from './domain/zoned-time';

/** How to get into the demo. Invented people; the addresses lead nowhere (RFC 2606). */
export const DEMO = {
  conference: { slug: demoConference.slug, name: demoConference.name },
  password: 'colloquy demo',
  people: [
    { role: 'author', name: 'Gülşat Tilegenova', address: 'author@example.org' },
    { role: 'reviewer', name: 'Leyla Amanturova-Voigt', address: 'reviewer@example.org' },
    { role: 'organiser', name: 'Marguerite Osei-Lindholm', address: 'organiser@example.org' },
  ],
} as const satisfies {
  conference: object;
  password: string;
  people: readonly { role: Role; name: string; address: string }[];
};

/** The paper that the demo's author has in the programme, and the address in its byline: readers' letters come there. */
const OWN_PAPER = { ref: 'T0121', address: 'gulsat.tilegenova@example.org' };

const OTHER_ADDRESS = 'other.author@example.org';

type People = Record<'author' | 'reviewer' | 'organiser' | 'colleague' | 'other', Viewer>;

/**
 * Fills a database that holds no conference with the demo: papers in the programme, submissions in every state,
 * reviews, stars, a thread. Returns how to get in; null, and does nothing, where there is a conference or in production.
 */
export async function fillDemo(ctx: DomainContext): Promise<typeof DEMO | null> {
  if (ctx.config.production || (await conferences(ctx.db, 1)).length > 0) return null;
  const conference = await makeConference(ctx);
  if (!conference) return null;
  const people = await makePeople(at(ctx, -11 * DAY), conference);
  await importPapers(at(ctx, -10 * DAY), conference, paperLines.split('\n'));
  people.author = await addMailbox(at(ctx, -9 * DAY), people.author, OWN_PAPER.address);
  await fillSubmissions(ctx, conference, people);
  for (const ref of [OWN_PAPER.ref, 'T0105', 'T0117', 'T0131'])
    await setStar(ctx, conference.id, ref, people.reviewer, true);
  for (const ref of ['T0106', 'T0119']) await setStar(ctx, conference.id, ref, people.author, true);
  await exchangeMessages(ctx, conference, people);
  return DEMO;
}

/** The organiser of the demo is its conduct contact too, and has a report to look at. */
async function reportLast(
  ctx: DomainContext,
  conference: Conference,
  author: Viewer,
  threadId: Id<'thread'>,
): Promise<void> {
  const thread = await threadById(ctx.db, conference.id, threadId, author);
  if (!thread) return;
  const input = { reason: 'spam', note: 'Three colleagues of mine got the same.' } as const;
  await reportMessage(ctx, conference, thread.own, thread.messages[0]!.id, input);
}

/** The same portal at another time, so that not everything has happened at once. */
function at(ctx: DomainContext, offset: number): DomainContext {
  return { ...ctx, clock: { now: () => new Date(ctx.clock.now().getTime() + offset) } };
}

/** Null: another process was faster. */
async function makeConference(ctx: DomainContext): Promise<Conference | null> {
  const { formats, themes, ...rest } = demoConference;
  const day = (offset: number) => instantToZoned(at(ctx, offset * DAY).clock.now(), rest.timeZone).slice(0, 10);
  const opensAt = zonedToInstant(`${day(-42)}T09:00`, rest.timeZone);
  const closesAt = zonedToInstant(`${day(120)}T23:59`, rest.timeZone);
  const id = await createConference(at(ctx, -43 * DAY), { ...rest, opensAt, closesAt });
  if (!id) return null;
  await write(ctx.db, async (trx) => {
    for (const format of formats) await insertFormat(trx, id, format);
    for (const theme of themes) await insertTheme(trx, id, theme);
  });
  return conferenceBySlug(ctx.db, rest.slug);
}

async function makePeople(ctx: DomainContext, conference: Conference): Promise<People> {
  const [author, reviewer, organiser] = DEMO.people;
  return {
    author: await makePerson(ctx, conference, author, DEMO.password),
    reviewer: await makePerson(ctx, conference, reviewer, DEMO.password),
    organiser: await withRole(ctx, conference, await makePerson(ctx, conference, organiser, DEMO.password), 'conduct'),
    colleague: await makePerson(ctx, conference, {
      name: 'Henrike Vasquez-Olund',
      role: 'reviewer',
      address: 'colleague@example.org',
    }),
    other: await makePerson(ctx, conference, { name: 'Odil Mirzokarimov', role: 'author', address: OTHER_ADDRESS }),
  };
}

async function withRole(ctx: DomainContext, conference: Conference, viewer: Viewer, role: Role): Promise<Viewer> {
  await write(ctx.db, (trx) => grantRole(trx, ctx, viewer.accountId, conference.id, role));
  return viewerOf(ctx.db, viewer.accountId, viewer.name);
}

async function makePerson(
  ctx: DomainContext,
  conference: Conference,
  person: { name: string; role: Role; address: string },
  password?: string,
): Promise<Viewer> {
  const accountId = await write(ctx.db, async (trx): Promise<Id<'account'>> => {
    const id = await createAccount(trx, ctx, person.name);
    await verifyMailbox(trx, ctx.clock, await mailboxFor(trx, ctx.clock, person.address), id);
    await grantRole(trx, ctx, id, conference.id, person.role);
    return id;
  });
  if (password) await setPassword(ctx, accountId, password);
  return viewerOf(ctx.db, accountId, person.name);
}

async function addMailbox(ctx: DomainContext, viewer: Viewer, address: string): Promise<Viewer> {
  await write(ctx.db, async (trx) =>
    verifyMailbox(trx, ctx.clock, await mailboxFor(trx, ctx.clock, address), viewer.accountId),
  );
  return viewerOf(ctx.db, viewer.accountId, viewer.name);
}

async function fillSubmissions(ctx: DomainContext, conference: Conference, people: People): Promise<void> {
  const formats = await formatsOf(ctx.db, conference.id);
  const themes = await themesOf(ctx.db, conference.id);
  const schema = submissionSchema({ formats, themes });
  for (const [index, submission] of demoSubmissions.entries()) {
    const submitter = people[submission.by as keyof People];
    const input = schema.parse({
      ...submission,
      intent: submission.state === 'draft' ? 'draft' : 'submit',
      formatId: formats.find((format) => format.name === submission.format)?.id,
      themeId: themes.find((theme) => theme.name === submission.theme)?.id,
      keywords: submission.keywords.join(', '),
      authors: submission.authors.map((author) =>
        'self' in author && author.self ? { ...author, me: true, contactable: true } : author,
      ),
    });
    const then = at(ctx, (index - demoSubmissions.length) * 8 * HOUR - 2 * DAY);
    const saved = await createSubmission(then, conference, submitter, input);
    if (!saved.ok) throw new Error(`The demo's submission ${index} was refused: ${saved.reason}`);
    for (const { by, score, note } of submission.reviews) {
      await saveReview(at(ctx, -1 * DAY), conference, people[by as keyof People], saved.ref, {
        score,
        note,
        revision: 0,
      });
    }
    if (submission.decision) {
      const { outcome, note } = submission.decision;
      const { version } = (await submissionByRef(ctx.db, conference.id, saved.ref))!;
      await decide(at(ctx, -12 * HOUR), conference, people.organiser, saved.ref, {
        outcome: outcome as Outcome,
        note,
        base: '',
        baseVersion: version.id,
        intent: 'apply',
      });
    }
    if (submission.state === 'withdrawn') await withdrawSubmission(at(ctx, -1 * DAY), conference, submitter, saved.ref);
  }
}

async function exchangeMessages(
  ctx: DomainContext,
  conference: Conference,
  { author, reviewer, colleague }: People,
): Promise<void> {
  const paper = await paperByRef(ctx.db, conference.id, OWN_PAPER.ref, null);
  if (!paper) return;
  const to = (await recipientsOf(ctx.db, paper, { participates: true })).recipients
    .filter((one) => author.mailboxIds.includes(one.mailboxId))
    .map((one) => one.id);
  await sendMessage(at(ctx, -2 * DAY), conference, paper, colleague, {
    key: newId(),
    to,
    subject: 'Publish with us!!!',
    body: 'Dear Esteemed Author,\n\nour journals publish ANY paper within three days, at a discount for you alone: www.journals.example. Reply today, today only!',
  });
  await sendMessage(at(ctx, -1 * DAY), conference, paper, reviewer, {
    key: newId(),
    to,
    subject: 'The soundings in the last logbook',
    body: 'Dear Gülşat,\n\nI very much enjoyed your abstract. Are the 268 soundings of the last logbook published anywhere, or could one see them at your centre? I am comparing harbour records of two other lakes and would gladly share mine.\n\nWith best wishes\nLeyla',
  });
  const { threads } = await threadsOf(ctx.db, conference.id, author);
  const [thread] = threads;
  if (!thread) return;
  await reportLast(at(ctx, -20 * HOUR), conference, author, threads.at(-1)!.id);
  await answer(at(ctx, -3 * HOUR), conference, thread.id, author, {
    key: newId(),
    body: 'Dear Leyla,\n\nthank you! They are not published yet, but you are welcome to a copy of our table; the logbook itself is too frail to be lent. Shall we talk at the conference? I am there on all four days.\n\nGülşat',
  });
}
