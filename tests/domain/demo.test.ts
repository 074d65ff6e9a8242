import { describe, expect, it } from 'vitest';
import { DEMO, fillDemo } from '~/demo.server';
import { signInByPassword } from '~/domain/account/commands.server';
import { viewerOf } from '~/domain/account/queries.server';
import type { Viewer } from '~/domain/account/viewer';
import { createConference } from '~/domain/conference/commands.server';
import { conferenceBySlug } from '~/domain/conference/queries.server';
import { windowState } from '~/domain/conference/state';
import { threadById } from '~/domain/message/queries.server';
import { recipientsOf } from '~/domain/message/recipients.server';
import { threadsOf } from '~/domain/message/thread-list.server';
import { paperByRef, programmePage, schedule } from '~/domain/programme/queries.server';
import { parseProgrammeQuery } from '~/domain/programme/schema';
import { submissionCounts, submissionsAwaiting } from '~/domain/review/queries.server';
import { parseReviewQuery } from '~/domain/review/schema';
import { submissionsOfViewer } from '~/domain/submission/queries.server';
import { type TestContext, testContext } from '../support/context';
import { engines } from '../support/database';

describe.each(engines)('the demo on %s', (engine) => {
  it('gives every screen something to show', async () => {
    const ctx = await testContext({ engine });
    const began = performance.now();
    expect(await fillDemo(ctx)).toEqual(DEMO);
    console.log(`demo on ${engine}: ${Math.round(performance.now() - began)} ms`);

    const conference = (await conferenceBySlug(ctx.db, DEMO.conference.slug))!;
    expect(windowState(conference, ctx.clock.now())).toBe('open');
    const [author, reviewer, organiser] = await Promise.all(DEMO.people.map((person) => signIn(ctx, person.address)));

    const programme = await programmePage(ctx.db, conference, parseProgrammeQuery(new URLSearchParams()), null);
    expect(programme.next).not.toBeNull();
    expect(await submissionCounts(ctx.db, conference.id)).toEqual({
      states: { draft: 1, submitted: 8, rejected: 1, withdrawn: 1, accepted: 61 },
      unpublished: 1,
    });
    const own = await submissionsOfViewer(ctx.db, conference.id, author!);
    expect(own.map((line) => line.state).sort()).toEqual(['accepted', 'draft', 'rejected', 'submitted', 'submitted']);
    expect(own.find((line) => line.published)?.ref).toBe('T0121');
    expect((await schedule(ctx.db, conference, reviewer!)).length).toBeGreaterThan(0);
    const underReview = await submissionsAwaiting(
      ctx.db,
      conference.id,
      parseReviewQuery(new URLSearchParams()),
      organiser!,
      true,
    );
    expect(underReview.submissions.some((line) => line.reviews?.count === 2)).toBe(true);
  });

  it('has an author who can be written to and has answered', async () => {
    const ctx = await testContext({ engine });
    await fillDemo(ctx);
    const conference = (await conferenceBySlug(ctx.db, DEMO.conference.slug))!;
    const author = await signIn(ctx, DEMO.people[0].address);
    const paper = (await paperByRef(ctx.db, conference.id, 'T0121', author))!;
    const { recipients } = await recipientsOf(ctx.db, paper, { participates: true });
    expect(recipients.some(({ mailboxId }) => author.mailboxIds.includes(mailboxId))).toBe(true);
    const { threads } = await threadsOf(ctx.db, conference.id, author);
    const line = threads.find(({ subject }) => subject.startsWith('The soundings'))!;
    const thread = (await threadById(ctx.db, conference.id, line.id, author))!;
    expect(thread.messages.map((message) => message.own)).toEqual([false, true]);
    const held = await ctx.db.selectFrom('outbox').select('id').where('state', '!=', 'queued').execute();
    expect(held).toEqual([]);
  });

  it('comes once, and never beside a real conference or in production', async () => {
    const ctx = await testContext({ engine });
    await fillDemo(ctx);
    expect(await fillDemo(ctx)).toBeNull();

    const real = await testContext({ engine });
    await createConference(real, { slug: 'real', name: 'Real', timeZone: 'UTC', refPrefix: '' });
    expect(await fillDemo(real)).toBeNull();

    const production = await testContext({ engine, env: { NODE_ENV: 'production', SMTP_URL: 'smtp://127.0.0.1:1' } });
    expect(await fillDemo(production)).toBeNull();
    expect(await conferenceBySlug(production.db, DEMO.conference.slug)).toBeNull();
  });
});

async function signIn(ctx: TestContext, address: string): Promise<Viewer> {
  const result = await signInByPassword(ctx, { address, password: DEMO.password, network: 'test' });
  if (!result.ok) throw new Error(result.reason);
  return viewerOf(ctx.db, result.accountId, '');
}
