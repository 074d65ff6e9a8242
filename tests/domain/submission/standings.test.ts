import { expect, test } from 'vitest';
import { saveReview } from '~/domain/review/commands.server';
import { reinstateSubmission, withdrawSubmission } from '~/domain/submission/commands.server';
import { mayEdit, mayReinstate, mayWithdraw } from '~/domain/submission/policy';
import { submissionsOfViewer } from '~/domain/submission/queries.server';
import { standingOf } from '~/domain/submission/standing';
import { standingsFor } from '~/domain/submission/standings.server';
import { testContext } from '../../support/context';
import { engines } from '../../support/database';
import { decideNow } from '../../support/decisions';
import { makeConference, makePerson, makeSubmission, type Person } from '../../support/world';

test.each(engines)('what a submission’s standing is made of, on %s', async (engine) => {
  const ctx = await testContext({ engine });
  const world = await makeConference(ctx);
  const author = await makePerson(ctx, 'Aigul Author');
  const coauthor = await makePerson(ctx, 'Cem Coauthor');
  const reviewer = await makePerson(ctx, 'Rosa Reviewer', { roles: [[world, 'reviewer']] });
  const organiser = await makePerson(ctx, 'Olim Organiser', { roles: [[world, 'organiser']] });
  const authors = [author, coauthor].map(({ name, address }) => ({ name, address }));
  const { ref, id } = await makeSubmission(ctx, world, author, { authors });
  const stands = async (person: Person) => {
    const viewer = await person.viewer();
    const lines = await submissionsOfViewer(ctx.db, world.id, viewer);
    const found = await standingsFor(ctx, world, viewer, lines);
    for (const line of lines) {
      // What is offered is what is allowed.
      const { next } = standingOf(found.get(line.id)!.situation);
      expect(next.includes('edit')).toBe(mayEdit(viewer, line, 'open'));
      expect(next.includes('withdraw')).toBe(mayWithdraw(viewer, line));
      expect(next.includes('reinstate')).toBe(mayReinstate(viewer, line, 'open'));
    }
    return found.get(id)!;
  };
  const later = () => ctx.clock.advance(60_000);

  expect(await stands(author)).toMatchObject({
    situation: { who: 'submitter', state: 'submitted', handedIn: true, reviewBegun: false, withdrawn: null },
    decision: null,
  });
  expect(await stands(coauthor)).toMatchObject({ situation: { who: 'coauthor', owner: 'Aigul Author' } });

  later();
  await saveReview(ctx, world, await reviewer.viewer(), ref, { score: 4, note: '', revision: 0 });
  expect(await stands(coauthor)).toMatchObject({ situation: { reviewBegun: true } });
  for (const outcome of ['rejected', 'accepted'] as const) {
    later();
    await decideNow(ctx, world, await organiser.viewer(), ref, outcome, { note: outcome });
    expect(await stands(coauthor)).toMatchObject({
      situation: { decided: true },
      decision: { outcome, note: outcome },
    });
  }
  later();
  await withdrawSubmission(ctx, world, await author.viewer(), ref);
  const at = expect.stringContaining('15 January 2027 at 15:04 GMT+5');
  expect(await stands(author)).toMatchObject({
    situation: { decided: false, withdrawn: { by: 'you', at, accepted: true } },
    decision: null,
  });
  expect(await stands(coauthor)).toMatchObject({ situation: { withdrawn: { by: { name: 'Aigul Author' }, at } } });

  // A draft again, it has neither been handed in nor decided, whatever was before.
  later();
  await reinstateSubmission(ctx, world, await author.viewer(), ref);
  expect(await stands(author)).toMatchObject({
    situation: { state: 'draft', handedIn: false, reviewBegun: false, decided: false },
  });
  later();
  await withdrawSubmission(ctx, world, await author.viewer(), ref);
  expect(await stands(author)).toMatchObject({ situation: { handedIn: false, withdrawn: { accepted: false } } });
});
