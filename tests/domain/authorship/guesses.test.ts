import { describe, expect, test } from 'vitest';
import { invite, requestSignIn, revokeRole } from '~/domain/account/commands.server';
import { mailboxFor } from '~/domain/account/mailboxes.server';
import { setUnasked } from '~/domain/account/suppression.server';
import { lettersOf } from '~/domain/mail/desk.server';
import { sendMessage } from '~/domain/message/commands.server';
import { threadById } from '~/domain/message/queries.server';
import { threadsOf } from '~/domain/message/thread-list.server';
import { paperByRef } from '~/domain/programme/queries.server';
import { decisionRecipients } from '~/domain/review/decision-mail.server';
import { decisionsOn } from '~/domain/review/decision-queries.server';
import { editByline } from '~/domain/submission/byline/organise.server';
import { submissionByRef } from '~/domain/submission/queries.server';
import { bylineSchema } from '~/domain/submission/schema';
import { fates, type Line, reaches, saveAuthors, yesFrom } from '../../support/authorship';
import { testContext } from '../../support/context';
import { type Engine, engines } from '../../support/database';
import { decideNow } from '../../support/decisions';
import { runWorker, until } from '../../support/mail';
import { openSmtpSink } from '../../support/smtp-sink';
import { makeConference, makePerson, makeSubmission, newKey } from '../../support/world';

/** A paper of Aigul's and Timur's, who has said yes, with a third line that names `guess`. */
async function guessed(engine: Engine, guess: string, state: 'submitted' | 'published' = 'submitted') {
  const ctx = await testContext({ engine });
  const world = await makeConference(ctx);
  const aigul = await makePerson(ctx, 'Aigul Author');
  const timur = await makePerson(ctx, 'Timur Coauthor');
  const reader = await makePerson(ctx, 'Rano Reader');
  const organiser = await makePerson(ctx, 'Olga Organiser', { roles: [[world, 'organiser']] });
  const paper = await makeSubmission(ctx, world, aigul, {
    state,
    authors: [
      { name: aigul.name, me: true },
      { name: timur.name, address: timur.address, contactable: true },
    ],
  });
  const saved = paper.authors.map(({ id, name, accountId }) => ({ id, name, me: accountId === aigul.accountId }));
  const byline: Line[] = [...saved, { name: 'Guess', address: guess, contactable: true }];
  if (state === 'submitted') await saveAuthors(ctx, world, aigul, paper.ref, byline);
  else await organise(ctx, world, organiser, paper.ref, byline);
  return { ctx, world, aigul, timur, reader, organiser, ref: paper.ref };
}

type Context = Awaited<ReturnType<typeof testContext>>;
type World = Awaited<ReturnType<typeof makeConference>>;
type Person = Awaited<ReturnType<typeof makePerson>>;

async function organise(ctx: Context, world: World, organiser: Person, ref: string, authors: Line[]) {
  const { version } = (await submissionByRef(ctx.db, world.id, ref))!;
  const input = { authors: bylineSchema.parse(authors), baseVersion: version.id as string };
  expect(await editByline(ctx, world, await organiser.viewer(), ref, input)).toEqual({ ok: true });
}

const RIGHT = 'timur.coauthor@people.example';
const WRONG = 'nobody@unknown.example';

describe.each(engines)('a guessed address tells nothing of who has said yes, on %s', (engine) => {
  test('not by how many hear of a decision; who says yes is told once', async () => {
    const told: unknown[] = [];
    for (const guess of [RIGHT, WRONG]) {
      const { ctx, world, organiser, ref } = await guessed(engine, guess);
      const submission = (await submissionByRef(ctx.db, world.id, ref))!;
      const recipients = await decisionRecipients(ctx.db, submission);
      const decided = await decideNow(ctx, world, await organiser.viewer(), ref, 'accepted');
      told.push([recipients.map(({ waits }) => waits), decided]);
      await yesFrom(ctx, guess);
      expect((await fates(ctx, guess)).filter((fate) => fate.startsWith('decision '))).toEqual(['decision queued']);
      expect(await decisionsOn(ctx.db, submission.id)).toHaveLength(1);
    }
    expect(told[0]).toEqual(told[1]);
    expect(told[0]).toMatchObject([[false, false, true], { ok: true, told: { underway: 2, waiting: 1 } }]);
  });

  test('not by who takes part in a conversation; a yes joins the two', async () => {
    const seen: unknown[] = [];
    for (const guess of [RIGHT, WRONG]) {
      const { ctx, world, reader, ref } = await guessed(engine, guess, 'published');
      const paper = (await paperByRef(ctx.db, world.id, ref, null))!;
      const { authors } = (await submissionByRef(ctx.db, world.id, ref))!;
      const to = authors.slice(1).map(({ id }) => id as string);
      const input = { key: newKey(), to, subject: 'Sources', body: 'Which archive?' };
      expect(await sendMessage(ctx, world, paper, await reader.viewer(), input)).toEqual({ ok: true });
      const thread = async () => {
        const { threads } = await threadsOf(ctx.db, world.id, await reader.viewer());
        return (await threadById(ctx.db, world.id, threads[0]!.id, await reader.viewer()))!;
      };
      const { participants, messages } = await thread();
      seen.push([participants.map(({ name, consent }) => [name, consent]), messages[0]!.deliveries]);
      await yesFrom(ctx, guess);
      const consents = (await thread()).participants.map(({ consent }) => consent);
      expect(consents).toEqual(guess === RIGHT ? ['given', 'given'] : ['given', 'given', 'given']);
      expect((await fates(ctx, guess)).filter((fate) => fate.startsWith('relayed'))).toEqual([
        'relayed-message queued',
      ]);
    }
    expect(seen[0]).toEqual(seen[1]);
  });

  test('not by typing it over or after the line of an author whom somebody else has named', async () => {
    for (const [guess, fate] of [
      [RIGHT, 'waiting'],
      [WRONG, 'waiting'],
    ] as const) {
      const { ctx, world, organiser, ref } = await guessed(engine, 'other@authors.example');
      const [aigul, timur] = (await submissionByRef(ctx.db, world.id, ref))!.authors;
      const first = { id: aigul!.id, name: aigul!.name };
      await organise(ctx, world, organiser, ref, [first, { id: timur!.id, name: 'Timur', address: guess }]);
      expect((await reaches(ctx, world, ref)).Timur).toBe(fate);
      await organise(ctx, world, organiser, ref, [first]);
      await organise(ctx, world, organiser, ref, [first, { name: 'Timur', address: guess }]);
      expect((await reaches(ctx, world, ref)).Timur).toBe(fate);
    }
    // Whoever has given it knows it: for them it is the same person again.
    const { ctx, world, aigul, ref } = await guessed(engine, 'other@authors.example');
    const [own] = (await submissionByRef(ctx.db, world.id, ref))!.authors;
    const me = { id: own!.id, name: own!.name, me: true };
    await saveAuthors(ctx, world, aigul, ref, [me]);
    await saveAuthors(ctx, world, aigul, ref, [me, { name: 'Timur', address: RIGHT }]);
    expect((await reaches(ctx, world, ref)).Timur).toBe('reachable');
  });

  test('not by what became of the question where no more are wanted', async () => {
    const { ctx, world, ref } = await guessed(engine, WRONG);
    const unasked = await mailboxFor(ctx.db, ctx.clock, WRONG);
    await setUnasked(ctx.db, ctx.clock, unasked, true);
    const sink = await openSmtpSink();
    runWorker(ctx, sink);
    await until(async () => (await fates(ctx, WRONG)).includes('author-asked cancelled'));
    expect(sink.mails.filter((mail) => mail.to.includes(WRONG))).toEqual([]);
    expect((await reaches(ctx, world, ref)).Guess).toBe('waiting');
    const questions = async (state?: 'sent' | 'cancelled') =>
      (await lettersOf(ctx.db, world.id, { state })).letters
        .filter(({ kind }) => kind === 'author-asked')
        .map((letter) => [letter.state, letter.code]);
    expect(await questions()).toEqual([['sent', null]]);
    expect(await questions('sent')).toHaveLength(1);
    expect(await questions('cancelled')).toEqual([]);
  });
});

describe.each(engines)('mail that waits is looked at once more before it goes, on %s', (engine) => {
  test('a link that works no more, and a role that was taken back', async () => {
    const ctx = await testContext({ engine });
    const world = await makeConference(ctx);
    const organiser = await makePerson(ctx, 'Olga Organiser', { roles: [[world, 'organiser']] });
    const asks = { next: '/', network: '192.0.2.1' };
    await requestSignIn(ctx, { address: 'late@people.example', ...asks });
    ctx.clock.advance(31 * 60_000);
    await requestSignIn(ctx, { address: 'early@people.example', ...asks });
    const role = { role: 'reviewer', conference: world, name: 'Ivo' } as const;
    const { accountId } = await invite(ctx, { address: 'out@people.example', ...role });
    await invite(ctx, { address: 'in@people.example', ...role });
    await revokeRole(ctx, organiser.accountId, { accountId, role: 'reviewer' }, world.id);
    runWorker(ctx, await openSmtpSink());
    await until(async () => (await fates(ctx, 'in@people.example'))[0] === 'invitation sent');
    await until(async () => (await fates(ctx, 'out@people.example'))[0] === 'invitation cancelled');
    await until(async () => (await fates(ctx, 'early@people.example'))[0] === 'sign-in-link sent');
    await until(async () => (await fates(ctx, 'late@people.example'))[0] === 'sign-in-link cancelled');
  });
});
