import { describe, expect, test } from 'vitest';
import { requestAddress } from '~/domain/account/addresses.server';
import { reportMessage } from '~/domain/conduct/commands.server';
import { sendMessage } from '~/domain/message/commands.server';
import { threadById } from '~/domain/message/queries.server';
import { threadsOf } from '~/domain/message/thread-list.server';
import { decisionsOn } from '~/domain/review/decision-queries.server';
import { authorToken } from '~/domain/submission/byline/link.server';
import { decideNow } from '../support/decisions';
import { dump } from '../support/dump';
import { newestLink } from '../support/inbox';
import { fill, portalPaths } from '../support/paths';
import { openPortal, type TestPortal, type Visitor } from '../support/portal';
import { makeConference, makePerson, makeSubmission, newKey, type Paper } from '../support/world';

const roles = [
  'nobody',
  'stranger',
  'author',
  'coauthor',
  'named',
  'reviewer',
  'organiser',
  'conduct',
  'elsewhere',
] as const;
type Role = (typeof roles)[number];
/** A status; `sign-in` for being led there; `nothing` for 303 without any effect. */
type Outcome = number | 'sign-in' | 'nothing';
/** What each role gets. */
type Expected = Partial<Record<Role, Outcome>> & { rest: Outcome };

/**
 * One paper in each state, one thread between the reader and two of its authors, and somebody of each role. `named` is
 * in every byline and has not said yes.
 */
async function makeWorld(portal: TestPortal) {
  const { ctx } = portal;
  const here = await makeConference(ctx);
  const there = await makeConference(ctx, { slug: 'other-2027', name: 'Elsewhere 2027', refPrefix: 'T' });
  const people = {
    stranger: await makePerson(ctx, 'Sten Stranger'),
    author: await makePerson(ctx, 'Aigul Author'),
    coauthor: await makePerson(ctx, 'Cem Coauthor'),
    named: await makePerson(ctx, 'Nur Named'),
    reviewer: await makePerson(ctx, 'Rosa Reviewer', { roles: [[here, 'reviewer']] }),
    organiser: await makePerson(ctx, 'Olga Organiser', { roles: [[here, 'organiser']] }),
    conduct: await makePerson(ctx, 'Cleo Conduct', { roles: [[here, 'conduct']] }),
    elsewhere: await makePerson(ctx, 'Else Where', {
      roles: [
        [there, 'organiser'],
        [there, 'reviewer'],
        [there, 'conduct'],
      ],
    }),
  };
  const { author, coauthor, named, organiser } = people;
  const authors = [author, coauthor, named].map(({ name, address }) => ({
    name,
    address,
    contactable: true,
    silent: name === named.name,
  }));
  const submission = (state: Parameters<typeof makeSubmission>[3] & object) =>
    makeSubmission(ctx, here, author, { authors, ...state });
  const papers = {
    draft: await submission({ state: 'draft' }),
    submitted: await submission({ state: 'submitted' }),
    toEdit: await submission({ state: 'submitted' }),
    toWithdraw: await submission({ state: 'submitted' }),
    toDecide: await submission({ state: 'submitted' }),
    pending: await submission({ state: 'submitted' }),
    decided: await submission({ state: 'submitted' }),
    toLeave: await submission({ state: 'submitted' }),
    toAnswer: await submission({ state: 'submitted' }),
    toRefuse: await submission({ state: 'submitted' }),
    accepted: await submission({ state: 'accepted' }),
    published: await submission({ state: 'published' }),
  };
  const { published } = papers;
  await sendMessage(
    ctx,
    here,
    { submissionId: published.id, versionId: published.versionId, ref: published.ref, title: published.title },
    await organiser.viewer(),
    {
      key: newKey(),
      to: [published.authors[0]!.id, published.authors[2]!.id],
      subject: 'Your sources',
      body: 'Which archive?',
    },
  );
  await decideNow(ctx, here, await organiser.viewer(), papers.pending.ref, 'accepted', { intent: 'keep' });
  await decideNow(ctx, here, await organiser.viewer(), papers.decided.ref, 'accepted');
  const decision = async ({ id }: Paper) => (await decisionsOn(ctx.db, id))[0]!.id;
  const decisions = { pending: await decision(papers.pending), decided: await decision(papers.decided) };
  // What the mails say by which authors are asked, and the link to an address that the author wants to add.
  const asked = ({ authors: [, , line] }: Paper) =>
    authorToken(ctx.config, { authorId: line!.id, mailboxId: line!.mailboxId! });
  const added = 'aigul@elsewhere.example';
  const proven = { session: { id: 'session', provenAt: ctx.clock.now().toISOString() as never } };
  await requestAddress(ctx, await author.viewer(), proven, { address: added, network: '192.0.2.2' });
  const addressToken = (await newestLink(ctx, added)).split('/').at(-1)!;
  const [thread] = (await threadsOf(ctx.db, here.id, await organiser.viewer())).threads;
  const visitor = async (role: Role): Promise<Visitor | undefined> =>
    role === 'nobody' ? undefined : portal.signIn(people[role]);
  const read = (await threadById(ctx.db, here.id, thread!.id, await author.viewer()))!;
  const message = read.messages[0]!.id;
  await reportMessage(ctx, here, read.own, message, { reason: 'spam', note: '' });
  const report = await ctx.db.selectFrom('reports').select('id').executeTakeFirstOrThrow();
  const foreignSession = 'a session of somebody whom nobody here is';
  const nowhere = await makePerson(ctx, 'No Body');
  const at = ctx.clock.now().toISOString() as never;
  await ctx.db
    .insertInto('sessions')
    .values({ id: foreignSession, account_id: nowhere.accountId, expires_at: at, created_at: at })
    .execute();
  const passkey = newKey();
  await ctx.db
    .insertInto('passkeys')
    .values({
      id: passkey as never,
      account_id: author.accountId,
      credential_id: 'c',
      public_key: 'k',
      counter: 0,
      transports: '[]' as never,
      name: 'Phone',
      created_at: at,
      used_at: null,
    })
    .execute();
  return {
    here,
    papers,
    decisions,
    asked,
    addressToken,
    foreignSession,
    passkey: passkey as string,
    thread: thread!,
    message,
    report: report.id,
    visitor,
  };
}
type RoleWorld = Awaited<ReturnType<typeof makeWorld>>;

function outcome(answer: { status: number; location: string | null }): Outcome {
  return answer.location?.startsWith('/sign-in?') ? 'sign-in' : answer.status;
}

describe('who may read what', () => {
  const STAFF: Expected = { nobody: 'sign-in', organiser: 200, rest: 404 };
  const SIGNED_IN: Expected = { nobody: 'sign-in', rest: 200 };
  const ALL: Expected = { rest: 200 };
  interface Page {
    as: Expected;
    heading?: string | ((role: Role) => string);
    ref?: (world: RoleWorld) => string;
    token?: (world: RoleWorld) => string;
    /** Where it leads. */
    location?: (world: RoleWorld) => string;
  }
  const pages: [string, Page][] = [
    ['/', { as: ALL, heading: 'Conferences' }],
    ['/sign-in', { as: { nobody: 200, rest: 302 }, heading: 'Sign in' }],
    ['/sign-in/link/:token', { as: ALL, heading: 'This link no longer works' }],
    ['/sign-out', { as: { rest: 302 } }],
    ['/account', { as: SIGNED_IN, heading: 'Your account' }],
    ['/sign-in/passkey', { as: { rest: 302 } }],
    ['/account/security', { as: SIGNED_IN, heading: 'Password and devices' }],
    ['/account/passkeys', { as: SIGNED_IN, heading: 'Passkeys' }],
    ['/account/passkeys/challenge', { as: { rest: 302 } }],
    ['/account/letters', { as: SIGNED_IN, heading: 'Messages from readers' }],
    [
      '/account/address/:token',
      {
        as: SIGNED_IN,
        token: ({ addressToken }) => addressToken,
        // Of whoever has asked for it, and of nobody else.
        heading: (role) => (role === 'author' ? 'Add this address' : 'This link no longer works'),
      },
    ],
    ['/account/address/:token', { as: SIGNED_IN, heading: 'This link no longer works' }],
    [
      '/authorship/:token',
      { as: ALL, token: ({ asked, papers }) => asked(papers.submitted), heading: 'Is this paper yours?' },
    ],
    ['/authorship/:token', { as: ALL, heading: 'This link no longer works' }],
    ['/letters/:token', { as: { rest: 404 } }],
    ['/confirm/:token', { as: ALL, heading: 'This link no longer works' }],
    ['/health', { as: ALL }],
    ['/metrics', { as: { rest: 404 } }],
    ['/dev/mail', { as: ALL, heading: 'Captured mail' }],
    ['/dev/mail/:id', { as: { rest: 404 } }],
    ['/:conference', { as: ALL, heading: 'Central Asia 2027' }],
    ['/:conference/programme', { as: ALL, heading: 'Programme' }],
    ['/:conference/papers/:ref', { as: ALL, heading: 'Water, Borders and Trust' }],
    ['/:conference/papers/:ref/star', { as: { rest: 302 } }],
    ['/:conference/papers/:ref/message', { as: ALL, heading: 'Send a message' }],
    ['/:conference/schedule', { as: SIGNED_IN, heading: 'My schedule' }],
    ['/:conference/messages', { as: SIGNED_IN, heading: 'Messages' }],
    [
      '/:conference/messages/:thread',
      {
        as: { nobody: 'sign-in', author: 200, organiser: 200, rest: 404 },
        heading: 'Your sources',
      },
    ],
    ['/:conference/messages/:thread/part', { as: { rest: 302 } }],
    ['/:conference/messages/:thread/news', { as: { rest: 302 } }],
    ['/:conference/messages/:thread/export', { as: { nobody: 'sign-in', author: 200, organiser: 200, rest: 404 } }],
    [
      '/:conference/messages/:thread/report/:message',
      {
        as: { nobody: 'sign-in', author: 200, rest: 404 },
        heading: 'Report a message',
      },
    ],
    ['/:conference/conduct', { as: { nobody: 'sign-in', conduct: 200, rest: 404 }, heading: 'Conduct' }],
    [
      '/:conference/conduct/:report',
      {
        as: { nobody: 'sign-in', conduct: 200, rest: 404 },
        heading: 'Report about T0012',
      },
    ],
    ['/:conference/submit', { as: SIGNED_IN, heading: 'Submit an abstract' }],
    ['/:conference/submissions', { as: SIGNED_IN, heading: 'My submissions' }],
    [
      '/:conference/submissions/:ref',
      {
        as: { nobody: 'sign-in', author: 200, coauthor: 200, rest: 404 },
        heading: 'T0001 draft',
        ref: ({ papers }) => papers.draft.ref,
      },
    ],
    [
      '/:conference/submissions/:ref',
      {
        as: { nobody: 'sign-in', author: 200, coauthor: 200, named: 302, rest: 404 },
        heading: 'T0002 submitted',
        ref: ({ papers }) => papers.submitted.ref,
        location: ({ asked, papers }) => `/authorship/${asked(papers.submitted)}`,
      },
    ],
    [
      '/:conference/submissions/:ref/authorship',
      {
        as: { nobody: 'sign-in', author: 200, coauthor: 200, rest: 404 },
        heading: 'Your line in the byline',
        ref: ({ papers }) => papers.submitted.ref,
      },
    ],
    ['/:conference/review', { as: { ...STAFF, reviewer: 200 }, heading: 'Review' }],
    [
      '/:conference/review/:ref',
      {
        as: { ...STAFF, reviewer: 200 },
        heading: 'T0002 submitted',
        ref: ({ papers }) => papers.submitted.ref,
      },
    ],
    [
      '/:conference/review/:ref/decide',
      {
        as: { ...STAFF, reviewer: 403 },
        heading: 'Accept this paper',
        ref: ({ papers }) => papers.submitted.ref,
      },
    ],
    [
      '/:conference/review/:ref/byline',
      {
        as: { ...STAFF, reviewer: 403 },
        heading: 'Authors of this paper',
        ref: ({ papers }) => papers.submitted.ref,
      },
    ],
    ['/:conference/organise', { as: STAFF, heading: 'Organise' }],
    ['/:conference/organise/choices', { as: STAFF, heading: 'Formats and themes' }],
    ['/:conference/organise/people', { as: STAFF, heading: 'People' }],
    ['/:conference/organise/mail', { as: STAFF, heading: 'Mail' }],
    ['/*', { as: { rest: 404 } }],
  ];

  test('every address of app/routes.ts is in this table', () => {
    expect([...new Set(pages.map(([path]) => path))].sort()).toEqual(portalPaths().sort());
  });

  test.each(roles)('%s', async (role) => {
    const portal = await openPortal();
    const world = await makeWorld(portal);
    const as = await world.visitor(role);
    // What one has read is written down, and that a report was opened.
    const before = await dump(portal.ctx.db, ['participants', 'audit']);
    for (const [path, { as: expected, heading, ref, token, location }] of pages) {
      const values = {
        conference: world.here.slug,
        ref: (ref ?? (({ papers }) => papers.published.ref))(world),
        thread: world.thread.id,
        message: world.message,
        report: world.report,
        token: token?.(world) ?? 'a-token-that-nobody-has',
        id: '0190aaaa-0000-7000-8000-000000000000',
        '*': 'no/such/page',
      };
      const key = path === '/:conference/submit' ? `?key=${newKey()}` : '';
      const answer = await portal.get(fill(path, values) + key, { as });
      const wanted = expected[role] ?? expected.rest;
      expect([path, outcome(answer)]).toEqual([path, wanted]);
      if (wanted === 200 && heading)
        expect([path, answer.heading]).toEqual([path, typeof heading === 'string' ? heading : heading(role)]);
      if (wanted === 302 && location) expect([path, answer.location]).toEqual([path, location(world)]);
      // What is no page says it by the status alone.
      const page = !/^\/metrics$|\/export$/.test(path);
      if (wanted === 404 && page) expect([path, answer.heading]).toEqual([path, 'There is nothing here']);
      if (wanted === 403) expect([path, answer.heading]).toEqual([path, 'This is not yours to do']);
    }
    // Reading changes nothing else.
    expect(await dump(portal.ctx.db, ['participants', 'audit'])).toEqual(before);
  });
});

describe('who may do what', () => {
  const NOT_SIGNED_IN = { nobody: 'sign-in' } as const;
  const STAFF = { ...NOT_SIGNED_IN, organiser: 303, rest: 404 } as const;
  const text = { title: 'Another title', abstract: 'Other words', 'authors[0].name': 'Aigul Author' };
  const acts: [string, (world: RoleWorld) => [string, Record<string, string>], Expected][] = [
    ['rename oneself', () => ['/account', { intent: 'name', name: 'Renamed' }], { ...NOT_SIGNED_IN, rest: 303 }],
    [
      'star',
      ({ papers }) => [`/cas-2027/papers/${papers.published.ref}/star`, { starred: '1' }],
      { ...NOT_SIGNED_IN, rest: 303 },
    ],
    [
      'write to an author',
      ({ papers: { published } }) => [
        `/cas-2027/papers/${published.ref}/message`,
        { key: newKey(), to: published.authors[0]!.id, subject: 'S', body: 'B' },
      ],
      { nobody: 422, rest: 303 },
    ],
    [
      'answer',
      ({ thread }) => [`/cas-2027/messages/${thread.id}`, { key: newKey(), body: 'B' }],
      { ...NOT_SIGNED_IN, author: 303, organiser: 303, rest: 404 },
    ],
    [
      'mute a thread',
      ({ thread }) => [`/cas-2027/messages/${thread.id}/part`, { intent: 'mute' }],
      { ...NOT_SIGNED_IN, author: 303, organiser: 303, rest: 404 },
    ],
    [
      'report a message',
      ({ thread, message }) => [
        `/cas-2027/messages/${thread.id}/report/${message}`,
        { intent: 'report', reason: 'threat' },
      ],
      { ...NOT_SIGNED_IN, author: 303, rest: 404 },
    ],
    [
      'judge a report',
      ({ report }) => [`/cas-2027/conduct/${report}`, { act: 'warned', note: 'Please do not.' }],
      { ...NOT_SIGNED_IN, conduct: 303, rest: 404 },
    ],
    ['say who may write', () => ['/account/letters', { lettersFrom: 'participants' }], { ...NOT_SIGNED_IN, rest: 303 }],
    [
      'submit',
      ({ here }) => [
        '/cas-2027/submit',
        { ...text, intent: 'submit', formatId: here.formats[0]!.id, themeId: here.themes[0]!.id },
      ],
      { ...NOT_SIGNED_IN, rest: 303 },
    ],
    [
      'edit',
      ({ here, papers: { toEdit } }) => [
        `/cas-2027/submissions/${toEdit.ref}`,
        {
          ...text,
          intent: 'save',
          formatId: here.formats[0]!.id,
          themeId: here.themes[0]!.id,
          baseVersion: toEdit.versionId,
        },
      ],
      { ...NOT_SIGNED_IN, author: 303, coauthor: 403, rest: 404 },
    ],
    [
      'withdraw',
      ({ papers }) => [`/cas-2027/submissions/${papers.toWithdraw.ref}`, { act: 'withdraw' }],
      { ...NOT_SIGNED_IN, author: 303, coauthor: 403, rest: 404 },
    ],
    [
      'say yes to a paper, with the link of the mail',
      ({ asked, papers }) => [`/authorship/${asked(papers.toAnswer)}`, { intent: 'yes' }],
      { rest: 303 },
    ],
    [
      'say no to a paper, with the link of the mail',
      ({ asked, papers }) => [`/authorship/${asked(papers.toRefuse)}`, { intent: 'no' }],
      { rest: 303 },
    ],
    [
      'answer with a link that is none',
      ({ asked, papers }) => [
        `/authorship/${asked(papers.submitted).split('.')[0]}.${asked(papers.toEdit).split('.')[1]}`,
        { intent: 'yes' },
      ],
      { rest: 'nothing' },
    ],
    [
      'say how one is named',
      ({ papers }) => [
        `/cas-2027/submissions/${papers.toLeave.ref}/authorship`,
        { intent: 'save', name: 'Renamed Author', base: papers.toLeave.versionId },
      ],
      { ...NOT_SIGNED_IN, author: 303, coauthor: 303, rest: 404 },
    ],
    [
      'leave a paper',
      ({ papers }) => [`/cas-2027/submissions/${papers.toLeave.ref}/authorship`, { intent: 'leave' }],
      // Who has it in hand cannot leave it to nobody.
      { ...NOT_SIGNED_IN, author: 403, coauthor: 303, rest: 404 },
    ],
    [
      'ask to add an address in a session that is only open',
      () => ['/account', { intent: 'add-address', address: 'second@people.example' }],
      { ...NOT_SIGNED_IN, rest: 403 },
    ],
    [
      'add an address that another has asked to add',
      ({ addressToken }) => [`/account/address/${addressToken}`, {}],
      { ...NOT_SIGNED_IN, author: 303, rest: 'nothing' },
    ],
    [
      'let mail go to an address of the co-author’s',
      ({ papers }) => ['/account', { intent: 'choose-address', mailbox: papers.submitted.authors[1]!.mailboxId! }],
      { ...NOT_SIGNED_IN, coauthor: 303, rest: 404 },
    ],
    [
      'set a password in a session that is only open',
      () => ['/account/security', { intent: 'password', password: 'quilt anchors seldom whistle' }],
      { ...NOT_SIGNED_IN, rest: 403 },
    ],
    [
      'end a session of somebody else',
      ({ foreignSession }) => ['/account/security', { intent: 'end-session', session: foreignSession }],
      { ...NOT_SIGNED_IN, rest: 'nothing' },
    ],
    [
      'rename a passkey of the author’s',
      ({ passkey }) => ['/account/passkeys', { intent: 'rename', passkey, name: 'Mine now' }],
      { ...NOT_SIGNED_IN, author: 303, rest: 404 },
    ],
    [
      'remove it in a session that is only open',
      ({ passkey }) => ['/account/passkeys', { intent: 'remove', passkey }],
      { ...NOT_SIGNED_IN, rest: 'nothing' },
    ],
    ['sign in with what no passkey has signed', () => ['/sign-in/passkey', { response: '{}' }], { rest: 422 }],
    ['ask for a challenge to sign in', () => ['/account/passkeys/challenge', { purpose: 'sign-in' }], { rest: 200 }],
    [
      'ask for one to add a passkey',
      () => ['/account/passkeys/challenge', { purpose: 'add' }],
      { nobody: 404, rest: 200 },
    ],
    [
      'ask for one of a second step that nobody takes',
      () => ['/account/passkeys/challenge', { purpose: 'second' }],
      { rest: 404 },
    ],
    [
      'change who stands in a byline',
      ({ papers }) => [
        `/cas-2027/review/${papers.submitted.ref}/byline`,
        { intent: 'save', baseVersion: papers.submitted.versionId, 'authors[0].name': 'Aigul Author' },
      ],
      { ...STAFF, reviewer: 403 },
    ],
    [
      'review',
      ({ papers }) => [`/cas-2027/review/${papers.submitted.ref}`, { intent: 'review', score: '4', note: 'Good' }],
      { ...NOT_SIGNED_IN, reviewer: 303, organiser: 409, rest: 404 },
    ],
    [
      'decide',
      ({ papers }) => [
        `/cas-2027/review/${papers.toDecide.ref}/decide`,
        { outcome: 'accepted', intent: 'apply', base: '', baseVersion: papers.toDecide.versionId },
      ],
      { ...STAFF, reviewer: 403 },
    ],
    [
      'decide on what has been decided meanwhile',
      ({ papers }) => [
        `/cas-2027/review/${papers.decided.ref}/decide`,
        { outcome: 'rejected', intent: 'apply', base: '', baseVersion: papers.decided.versionId },
      ],
      { ...STAFF, reviewer: 403, organiser: 409 },
    ],
    [
      'make a pending decision hold',
      ({ papers, decisions }) => [
        `/cas-2027/review/${papers.pending.ref}`,
        { intent: 'apply-decision', decision: decisions.pending },
      ],
      { ...STAFF, reviewer: 403 },
    ],
    [
      'discard what is pending no more',
      ({ papers, decisions }) => [
        `/cas-2027/review/${papers.pending.ref}`,
        { intent: 'discard-decision', decision: decisions.pending },
      ],
      { ...STAFF, reviewer: 403, organiser: 'nothing' },
    ],
    [
      'take a decision back',
      ({ papers, decisions }) => [
        `/cas-2027/review/${papers.decided.ref}`,
        { intent: 'take-back', decision: decisions.decided },
      ],
      { ...STAFF, reviewer: 403 },
    ],
    [
      'publish',
      ({ papers }) => [`/cas-2027/review/${papers.accepted.ref}`, { intent: 'publish' }],
      { ...STAFF, reviewer: 403 },
    ],
    ['publish all', () => ['/cas-2027/organise', { intent: 'publish' }], STAFF],
    [
      'edit the conference',
      ({ here }) => [
        '/cas-2027/organise',
        { revision: String(here.revision), name: 'New name', timeZone: 'UTC', lettersWeeks: '4' },
      ],
      STAFF,
    ],
    ['add a theme', () => ['/cas-2027/organise/choices', { table: 'themes', name: 'Law' }], STAFF],
    [
      'invite',
      () => ['/cas-2027/organise/people', { name: 'Ivo', address: 'ivo@people.example', role: 'reviewer' }],
      STAFF,
    ],
  ];

  test.each(roles)('%s', async (role) => {
    const portal = await openPortal();
    const world = await makeWorld(portal);
    const as = await world.visitor(role);
    for (const [act, request, expected] of acts) {
      const wanted = expected[role] ?? expected.rest;
      // What was typed is kept over sign-in, sealed; and a refused try may be counted.
      const passedOver = wanted === 303 ? ['kept_forms'] : ['kept_forms', 'attempts'];
      const before = await dump(portal.ctx.db, passedOver);
      const answer = await portal.post(...request(world), { as });
      expect([act, outcome(answer)]).toEqual([act, wanted === 'nothing' ? 303 : wanted]);
      const after = await dump(portal.ctx.db, passedOver);
      if (wanted === 303 || wanted === 200) expect([act, after]).not.toEqual([act, before]);
      else expect([act, after]).toEqual([act, before]);
    }
  });
});
