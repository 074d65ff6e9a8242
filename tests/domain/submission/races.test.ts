import { describe, expect, test } from 'vitest';
import { write } from '#db/write';
import { DEMO, fillDemo } from '~/demo.server';
import { signInByPassword } from '~/domain/account/commands.server';
import { viewerOf } from '~/domain/account/queries.server';
import { conferenceBySlug } from '~/domain/conference/queries.server';
import { editSubmission, withdrawSubmission } from '~/domain/submission/commands.server';
import { publishSubmissions } from '~/domain/submission/publication.server';
import { submissionByRef, submissionsOfViewer } from '~/domain/submission/queries.server';
import type { SubmissionInput } from '~/domain/submission/schema';
import { testContext } from '../../support/context';
import { engines } from '../../support/database';

describe.each(engines)('what meets on %s', (engine) => {
  test('a paper that is withdrawn while it is published is not in the programme', async () => {
    const { ctx, conference, author } = await demo();
    const paper = (await submissionByRef(ctx.db, conference.id, 'T0121'))!;
    let published = () => {};
    const beforeCommit = new Promise<void>((resolve) => {
      published = resolve;
    });
    const publishing = write(ctx.db, async (trx) => {
      await publishSubmissions(trx, ctx, conference, [paper.id]);
      published();
      await new Promise((resolve) => setTimeout(resolve, 150));
    });
    await beforeCommit;
    expect(await withdrawSubmission(ctx, conference, author, 'T0121')).toBe(true);
    await publishing;
    expect(await submissionByRef(ctx.db, conference.id, 'T0121')).toMatchObject({
      state: 'withdrawn',
      published: false,
    });
  });

  test('a paper that is published while it is withdrawn is not in the programme', async () => {
    const { ctx, conference } = await demo();
    const paper = (await submissionByRef(ctx.db, conference.id, 'T0121'))!;
    let moved = () => {};
    const beforeCommit = new Promise<void>((resolve) => {
      moved = resolve;
    });
    const withdrawing = write(ctx.db, async (trx) => {
      await trx.deleteFrom('papers').where('submission_id', '=', paper.id).execute();
      await trx.updateTable('submissions').set({ state: 'withdrawn' }).where('id', '=', paper.id).execute();
      moved();
      await new Promise((resolve) => setTimeout(resolve, 150));
    });
    await beforeCommit;
    await write(ctx.db, (trx) => publishSubmissions(trx, ctx, conference, [paper.id]));
    await withdrawing;
    expect(await submissionByRef(ctx.db, conference.id, 'T0121')).toMatchObject({
      state: 'withdrawn',
      published: false,
    });
  });

  test('what was handed in is not made an unfinished draft by an old form', async () => {
    const { ctx, conference, author } = await demo();
    const lines = await submissionsOfViewer(ctx.db, conference.id, author);
    const { ref } = lines.find((line) => line.state === 'submitted')!;
    const submission = (await submissionByRef(ctx.db, conference.id, ref))!;
    const input: SubmissionInput = {
      intent: 'draft',
      baseVersion: submission.version.id,
      title: 'Half',
      abstract: '',
      markdown: false,
      formatId: submission.version.formatId,
      themeId: submission.version.themeId,
      keywords: [],
      authors: [],
    };
    expect(await editSubmission(ctx, conference, author, ref, input)).toMatchObject({ ok: false, reason: 'stale' });
  });

  async function demo() {
    const ctx = await testContext({ engine });
    await fillDemo(ctx);
    const conference = (await conferenceBySlug(ctx.db, DEMO.conference.slug))!;
    const signedIn = await signInByPassword(ctx, {
      address: DEMO.people[0].address,
      password: DEMO.password,
      network: '192.0.2.1',
    });
    if (!signedIn.ok) throw new Error(signedIn.reason);
    return { ctx, conference, author: await viewerOf(ctx.db, signedIn.accountId, DEMO.people[0].name) };
  }
});
