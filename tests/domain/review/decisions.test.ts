import { describe, expect, test } from 'vitest';
import { DAY } from '~/domain/clock';
import { holdMail } from '~/domain/mail/desk.server';
import { setPublished } from '~/domain/review/commands.server';
import { decisionsOn, inForce, newestOf, toldOf } from '~/domain/review/decision-queries.server';
import { applyDecision, decide, discardDecision, takeBackDecision } from '~/domain/review/decisions.server';
import { editByline } from '~/domain/submission/byline/organise.server';
import { withdrawSubmission } from '~/domain/submission/commands.server';
import { submissionByRef } from '~/domain/submission/queries.server';
import { fates, yesFrom } from '../../support/authorship';
import { type TestContext, testContext } from '../../support/context';
import { type Engine, engines } from '../../support/database';
import { decideNow, decisionForm } from '../../support/decisions';
import { letters } from '../../support/inbox';
import { drain } from '../../support/mail';
import { openSmtpSink } from '../../support/smtp-sink';
import { makeConference, makePerson, makeSubmission, type World } from '../../support/world';

const TIMUR = 'timur@authors.example';

/** A submission of Aigul's that names Timur, who has not answered, and two organisers. */
async function submitted(engine: Engine) {
  const ctx = await testContext({ engine });
  const world = await makeConference(ctx);
  const aigul = await makePerson(ctx, 'Aigul Author');
  const olga = await makePerson(ctx, 'Olga Organiser', { roles: [[world, 'organiser']] });
  const omar = await makePerson(ctx, 'Omar Organiser', { roles: [[world, 'organiser']] });
  const { ref, id } = await makeSubmission(ctx, world, aigul, {
    authors: [{ name: 'Aigul Author', me: true }, { name: 'Timur Coauthor', address: TIMUR }, { name: 'No Address' }],
  });
  return { ctx, world, aigul, olga, omar, ref, id };
}

async function stateOf(ctx: TestContext, world: World, ref: string) {
  return (await submissionByRef(ctx.db, world.id, ref))!.state;
}

describe.each(engines)('decisions on %s', (engine) => {
  test('with mail held, accepted and then rejected: at the release one mail goes, of what holds', async () => {
    const { ctx, world, aigul, olga, ref } = await submitted(engine);
    await holdMail(ctx, world.id, true);
    await decideNow(ctx, world, await olga.viewer(), ref, 'accepted');
    await decideNow(ctx, world, await olga.viewer(), ref, 'rejected');
    await holdMail(ctx, world.id, false);
    const sink = await openSmtpSink();
    await drain(ctx, sink);
    const decisions = sink.mails.filter(
      (mail) => mail.to.includes(aigul.address) && /^Subject: .*(Accepted|Decision|Correction)/m.test(mail.raw),
    );
    expect(decisions.map((mail) => /^Subject: (.*)\r$/m.exec(mail.raw)?.[1])).toEqual([
      `Decision on ${ref}, ${world.name}`,
    ]);
  });

  test('two organisers: the second is shown the first’s decision, and nothing of the second’s is done', async () => {
    const { ctx, world, olga, omar, ref } = await submitted(engine);
    const read = await decisionForm(ctx, world, ref);
    await decideNow(ctx, world, await olga.viewer(), ref, 'accepted');
    const late = await decide(ctx, world, await omar.viewer(), ref, {
      outcome: 'rejected',
      note: 'No',
      intent: 'apply',
      ...read,
    });
    expect(late).toMatchObject({ ok: false, reason: 'stale', theirs: { outcome: 'accepted', by: 'Olga Organiser' } });
    expect(await stateOf(ctx, world, ref)).toBe('accepted');
    // At the same moment, one of them is first.
    const other = await makeSubmission(ctx, world, olga, { authors: [{ name: 'Somebody' }] });
    const base = await decisionForm(ctx, world, other.ref);
    const both = await Promise.all(
      (
        [
          [olga, 'accepted'],
          [omar, 'rejected'],
        ] as const
      ).map(async ([by, outcome]) =>
        decide(ctx, world, await by.viewer(), other.ref, { outcome, note: '', intent: 'apply', ...base }),
      ),
    );
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(await decisionsOn(ctx.db, other.id)).toHaveLength(1);
  });

  test('a form sent twice decides once; one read before the authors’ last change is shown that', async () => {
    const { ctx, world, olga, ref, id } = await submitted(engine);
    const read = await decisionForm(ctx, world, ref);
    const input = { outcome: 'accepted' as const, note: 'Well done', intent: 'apply' as const, ...read };
    for (let press = 0; press < 2; press++)
      expect(await decide(ctx, world, await olga.viewer(), ref, input)).toMatchObject({ ok: true });
    expect(await decisionsOn(ctx.db, id)).toHaveLength(1);
    const old = { ...(await decisionForm(ctx, world, ref)), baseVersion: 'an older one' };
    expect(await decide(ctx, world, await olga.viewer(), ref, { ...input, outcome: 'rejected', ...old })).toMatchObject(
      {
        ok: false,
        reason: 'stale',
      },
    );
  });

  test('who has not said yes hears of it with that yes; before it goes they are asked once more', async () => {
    const { ctx, world, aigul, olga, ref } = await submitted(engine);
    const asking = await openSmtpSink();
    await drain(ctx, asking);
    ctx.clock.advance(2 * DAY);
    const result = await decideNow(ctx, world, await olga.viewer(), ref, 'accepted');
    expect(result).toMatchObject({ ok: true, told: { sent: 0, underway: 1, waiting: 1, failed: 0 } });
    expect(await fates(ctx, aigul.address)).toContain('decision queued');
    expect(await fates(ctx, TIMUR)).toEqual(['author-asked sent', 'author-asked queued', 'decision held']);
    const [first, again] = await letters(ctx, TIMUR);
    expect(again!.subject).not.toBe(first!.subject);
    await decideNow(ctx, world, await olga.viewer(), ref, 'rejected');
    expect((await fates(ctx, TIMUR)).filter((fate) => fate.startsWith('author-asked'))).toHaveLength(2);
    await yesFrom(ctx, TIMUR);
    expect((await fates(ctx, TIMUR)).filter((fate) => fate.startsWith('decision'))).toEqual([
      'decision cancelled',
      'decision queued',
    ]);
    expect((await letters(ctx, TIMUR)).at(-1)!.subject).toContain('Decision on');
    await drain(ctx, asking);
    const { id } = (await submissionByRef(ctx.db, world.id, ref))!;
    expect(await toldOf(ctx.db, inForce(await decisionsOn(ctx.db, id))!.id)).toEqual({
      sent: 2,
      underway: 0,
      waiting: 0,
      failed: 0,
    });
  });

  test('an author named after the decision hears of it with the yes', async () => {
    const { ctx, world, aigul, olga, ref } = await submitted(engine);
    await decideNow(ctx, world, await olga.viewer(), ref, 'accepted');
    const { version, authors } = (await submissionByRef(ctx.db, world.id, ref))!;
    await editByline(ctx, world, await olga.viewer(), ref, {
      baseVersion: version.id,
      authors: [
        ...authors.map(({ id, name }) => ({ ...BLANK, id: id as string, name })),
        { ...BLANK, name: 'Late', address: 'late@authors.example' },
      ],
    });
    expect(await fates(ctx, 'late@authors.example')).toEqual(['author-asked queued']);
    await yesFrom(ctx, 'late@authors.example');
    expect(await fates(ctx, 'late@authors.example')).toEqual(['author-asked queued', 'decision queued']);
    expect((await fates(ctx, aigul.address)).filter((fate) => fate.startsWith('decision'))).toHaveLength(1);
  });

  test('withdrawn before the mail goes: nobody reads “accepted”', async () => {
    const { ctx, world, aigul, olga, ref } = await submitted(engine);
    await yesFrom(ctx, TIMUR);
    await decideNow(ctx, world, await olga.viewer(), ref, 'accepted');
    await withdrawSubmission(ctx, world, await aigul.viewer(), ref);
    const sink = await openSmtpSink();
    await drain(ctx, sink);
    expect(sink.mails.filter((mail) => /Accepted/.test(mail.raw))).toEqual([]);
    expect((await letters(ctx, TIMUR)).at(-1)).toMatchObject({
      kind: 'decision',
      state: 'cancelled',
      error_code: 'superseded',
    });
  });

  test('a decision that was mailed is corrected by a mail that says so; taken back likewise; what was not, by nothing', async () => {
    const { ctx, world, aigul, olga, ref, id } = await submitted(engine);
    const sink = await openSmtpSink();
    await decideNow(ctx, world, await olga.viewer(), ref, 'accepted');
    await setPublished(ctx, world, await olga.viewer(), ref, true);
    await drain(ctx, sink);
    await decideNow(ctx, world, await olga.viewer(), ref, 'rejected', { note: 'We mixed two papers up.' });
    expect((await submissionByRef(ctx.db, world.id, ref))!.published).toBe(false);
    const correction = (await letters(ctx, aigul.address)).at(-1)!;
    expect(correction.subject).toContain('Correction');
    expect(correction.text).toContain('This is a correction.');
    // Before it has gone, that one is taken back: nothing but a correction of the first, which was sent, goes.
    await holdMail(ctx, world.id, true);
    const holds = inForce(await decisionsOn(ctx.db, id))!;
    expect(await takeBackDecision(ctx, world, await olga.viewer(), ref, holds.id)).toMatchObject({ ok: true });
    expect(await stateOf(ctx, world, ref)).toBe('submitted');
    expect(await takeBackDecision(ctx, world, await olga.viewer(), ref, holds.id)).toMatchObject({ ok: false });
    expect(inForce(await decisionsOn(ctx.db, id))).toBeNull();
    expect((await letters(ctx, aigul.address)).at(-1)!.kind).toBe('decision-taken-back');

    const quiet = await makeSubmission(ctx, world, aigul, { authors: [{ name: 'Aigul Author', me: true }] });
    await decideNow(ctx, world, await olga.viewer(), quiet.ref, 'accepted');
    const before = (await letters(ctx, aigul.address)).length;
    const unsent = inForce(await decisionsOn(ctx.db, quiet.id))!;
    await takeBackDecision(ctx, world, await olga.viewer(), quiet.ref, unsent.id);
    expect(await letters(ctx, aigul.address)).toHaveLength(before);
    await holdMail(ctx, world.id, false);
  });

  test('pending: nothing changes and nobody is told; applied it holds; discarded it is gone', async () => {
    const { ctx, world, olga, omar, ref, id } = await submitted(engine);
    await decideNow(ctx, world, await olga.viewer(), ref, 'accepted', { intent: 'keep', note: 'Fine' });
    expect(await stateOf(ctx, world, ref)).toBe('submitted');
    const mails = () => ctx.db.selectFrom('outbox').select('id').where('kind', '=', 'decision').execute();
    expect(await mails()).toEqual([]);
    const [pending] = await decisionsOn(ctx.db, id);
    expect(pending).toMatchObject({ state: 'pending', by: 'Olga Organiser' });
    expect(await discardDecision(ctx, world, await omar.viewer(), ref, pending!.id)).toMatchObject({ ok: true });
    expect(await applyDecision(ctx, world, await olga.viewer(), ref, pending!.id)).toMatchObject({
      ok: false,
      reason: 'stale',
    });
    await decideNow(ctx, world, await omar.viewer(), ref, 'rejected', { intent: 'keep' });
    const next = newestOf(await decisionsOn(ctx.db, id))!;
    for (let press = 0; press < 2; press++)
      expect(await applyDecision(ctx, world, await omar.viewer(), ref, next.id)).toMatchObject({ ok: true });
    expect(await stateOf(ctx, world, ref)).toBe('rejected');
    expect(await mails()).toHaveLength(2);
  });

  test('an organiser who has typed in what came by mail decides it; an author who said yes does not', async () => {
    const { ctx, world, olga } = await submitted(engine);
    const typed = await makeSubmission(ctx, world, olga, {
      authors: [{ name: 'By Post', address: 'post@authors.example' }],
    });
    expect((await submissionByRef(ctx.db, world.id, typed.ref))!).toMatchObject({
      submitterId: null,
      enteredById: olga.accountId,
    });
    expect(await decideNow(ctx, world, await olga.viewer(), typed.ref, 'accepted')).toMatchObject({ ok: true });
    const own = await makeSubmission(ctx, world, olga, { authors: [{ name: 'Olga Organiser', me: true }] });
    expect(await decideNow(ctx, world, await olga.viewer(), own.ref, 'accepted')).toEqual({
      ok: false,
      reason: 'forbidden',
    });
    // With the yes the paper is in its first author's hand, too.
    await yesFrom(ctx, 'post@authors.example');
    const { submitterId } = (await submissionByRef(ctx.db, world.id, typed.ref))!;
    expect(submitterId).not.toBeNull();
  });
});

const BLANK = {
  affiliation: '',
  me: false,
  forgetAddress: false,
  presenter: false,
  contactable: true,
  mayEdit: false,
};
