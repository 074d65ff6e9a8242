import { describe, expect, test } from 'vitest';
import { choosePrimaryMailbox, verifyMailbox } from '~/domain/account/mailbox-owners.server';
import { mailboxFor } from '~/domain/account/mailboxes.server';
import { sayNo } from '~/domain/authorship/commands.server';
import { DAY } from '~/domain/clock';
import { decisionsOn, inForce, toldOf } from '~/domain/review/decision-queries.server';
import { remindSilent } from '~/domain/submission/byline/unasked.server';
import { editSubmission, reinstateSubmission, withdrawSubmission } from '~/domain/submission/commands.server';
import { submissionByRef } from '~/domain/submission/queries.server';
import { submissionSchema } from '~/domain/submission/schema';
import { askedToken, fates, yesFrom } from '../../support/authorship';
import { testContext } from '../../support/context';
import { type Engine, engines } from '../../support/database';
import { decideNow } from '../../support/decisions';
import { letters } from '../../support/inbox';
import { drain } from '../../support/mail';
import { openSmtpSink } from '../../support/smtp-sink';
import { makeConference, makePerson, makeSubmission } from '../../support/world';

const TIMUR = 'timur@authors.example';

/** A submission of Aigul's that names Timur, who has not answered. */
async function submitted(engine: Engine) {
  const ctx = await testContext({ engine });
  const world = await makeConference(ctx);
  const aigul = await makePerson(ctx, 'Aigul Author');
  const olga = await makePerson(ctx, 'Olga Organiser', { roles: [[world, 'organiser']] });
  const authors = [
    { name: 'Aigul Author', me: true },
    { name: 'Timur Coauthor', address: TIMUR },
  ];
  const { ref, id } = await makeSubmission(ctx, world, aigul, { authors });
  const decide = async (outcome: 'accepted' | 'rejected') => decideNow(ctx, world, await olga.viewer(), ref, outcome);
  const newest = async (address: string) => (await letters(ctx, address)).at(-1)!;
  return { ctx, world, aigul, ref, id, decide, newest, sink: await openSmtpSink() };
}

describe.each(engines)('who is told of a decision, on %s', (engine) => {
  test('a paper that was withdrawn and handed in again has a decision, and no correction of the old one', async () => {
    const { ctx, world, aigul, ref, decide, newest, sink } = await submitted(engine);
    await decide('accepted');
    await drain(ctx, sink);
    await withdrawSubmission(ctx, world, await aigul.viewer(), ref);
    await reinstateSubmission(ctx, world, await aigul.viewer(), ref);
    ctx.clock.advance(60_000);
    const { version } = (await submissionByRef(ctx.db, world.id, ref))!;
    const input = submissionSchema({ ...world, bylineFixed: true }).parse({
      intent: 'submit',
      title: version.title,
      abstract: version.abstract,
      formatId: version.formatId,
      themeId: version.themeId,
      baseVersion: version.id,
    });
    expect(await editSubmission(ctx, world, await aigul.viewer(), ref, input)).toMatchObject({ ok: true });
    await decide('rejected');
    expect((await newest(aigul.address)).subject).toBe(`Decision on ${ref}, ${world.name}`);
  });

  test('whoever has chosen another address meanwhile reads there that it is a correction', async () => {
    const { ctx, aigul, decide, newest, sink } = await submitted(engine);
    await decide('accepted');
    await drain(ctx, sink);
    const other = await mailboxFor(ctx.db, ctx.clock, 'aigul@new.example');
    await verifyMailbox(ctx.db, ctx.clock, other, aigul.accountId);
    await choosePrimaryMailbox(ctx.db, aigul.accountId, other);
    await decide('rejected');
    expect((await newest('aigul@new.example')).subject).toContain('Correction');
  });

  test('who said no, and yes after all, is told', async () => {
    const { ctx, decide } = await submitted(engine);
    await decide('accepted');
    await sayNo(ctx, await askedToken(ctx, TIMUR));
    expect(await fates(ctx, TIMUR)).toContain('decision cancelled');
    await yesFrom(ctx, TIMUR);
    expect(await fates(ctx, TIMUR)).toContain('decision queued');
  });

  test('nobody reads that they were asked before, who was asked a moment ago; a day later they are', async () => {
    const { ctx, id, decide, sink } = await submitted(engine);
    await decide('accepted');
    const questions = async () => (await fates(ctx, TIMUR)).filter((fate) => fate.startsWith('author-asked'));
    expect(await questions()).toHaveLength(1);
    await drain(ctx, sink);
    ctx.clock.advance(DAY / 2);
    await remindSilent(ctx);
    expect(await questions()).toHaveLength(1);
    ctx.clock.advance(DAY);
    for (let hour = 0; hour < 2; hour++) await remindSilent(ctx);
    expect(await questions()).toEqual(['author-asked sent', 'author-asked queued']);
    const holds = inForce(await decisionsOn(ctx.db, id))!;
    expect(await toldOf(ctx.db, holds.id)).toMatchObject({ sent: 1, waiting: 1 });
  });
});
