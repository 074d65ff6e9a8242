import { describe, expect, test } from 'vitest';
import { sayNo } from '~/domain/authorship/commands.server';
import { removeReview, saveReview } from '~/domain/review/commands.server';
import { mayReadReviews } from '~/domain/review/policy';
import { ownReview, reviewsOf, submissionsAwaiting } from '~/domain/review/queries.server';
import { parseReviewQuery } from '~/domain/review/schema';
import { editByline } from '~/domain/submission/byline/organise.server';
import { reinstateSubmission, withdrawSubmission } from '~/domain/submission/commands.server';
import { submissionByRef } from '~/domain/submission/queries.server';
import { askedToken, type Line, reaches, saveAuthors, yesFrom } from '../../support/authorship';
import { testContext } from '../../support/context';
import { type Engine, engines } from '../../support/database';
import { makeConference, makePerson, makeSubmission, type Person } from '../../support/world';

const DEE = 'dee@authors.example';
const me: Line = { name: 'Aigul Author', me: true };
const dee: Line = { name: 'Dee', address: DEE };

async function setUp(engine: Engine) {
  const ctx = await testContext({ engine });
  const world = await makeConference(ctx);
  const author = await makePerson(ctx, 'Aigul Author');
  const organiser = await makePerson(ctx, 'Olga Organiser', { roles: [[world, 'organiser']] });
  const reviewer = await makePerson(ctx, 'Rosa Reviewer', { roles: [[world, 'reviewer']] });
  const make = (person: Person, authors: Line[]) => makeSubmission(ctx, world, person, { authors });
  const current = async (ref: string) => (await submissionByRef(ctx.db, world.id, ref))!;
  return {
    ...{ ctx, world, author, organiser, reviewer, make, current },
    review: async (ref: string) =>
      saveReview(ctx, world, await reviewer.viewer(), ref, { score: 5, note: 'Fine', revision: 0 }),
    organise: async (ref: string, lines: Line[]) => {
      const authors = lines.map((line) => ({ affiliation: '', presenter: false, contactable: true, ...line }));
      const { version } = await current(ref);
      const input = { authors, baseVersion: version.id } as unknown as Parameters<typeof editByline>[4];
      return editByline(ctx, world, await organiser.viewer(), ref, input);
    },
  };
}

describe.each(engines)('nobody takes what is another’s, on %s', (engine) => {
  test('“this is me” on a line with another’s address makes a line of one’s own', async () => {
    const { ctx, world, author, make, current } = await setUp(engine);
    const { ref, authors } = await make(author, [{ name: 'Aigul Author' }, dee]);
    const [first, second] = authors.map(({ id }) => id);
    await saveAuthors(ctx, world, author, ref, [
      { id: first!, name: 'Aigul Author' },
      { id: second!, name: 'Dee', me: true },
    ]);
    const taken = (await current(ref)).authors[1]!;
    expect([taken.id === second, taken.state]).toEqual([false, 'confirmed']);
    const left = await ctx.db.selectFrom('authors').select('account_id').where('id', '=', second!).execute();
    expect(left).toEqual([{ account_id: null }]);
  });

  test('a “no” is not undone by ticking and naming the same person again', async () => {
    const { ctx, world, author, make, current } = await setUp(engine);
    const { ref, authors } = await make(author, [{ name: 'Aigul Author' }, dee]);
    await sayNo(ctx, await askedToken(ctx, DEE));
    const first = { id: authors[0]!.id, name: 'Aigul Author' };
    await saveAuthors(ctx, world, author, ref, [first, { id: authors[1]!.id, name: 'Dee', me: true }]);
    const mine = (await current(ref)).authors[1]!.id;
    await saveAuthors(ctx, world, author, ref, [first, { id: mine, ...dee }]);
    expect((await reaches(ctx, world, ref)).Dee).toBe('declined');
  });

  test('an organiser does not leave the byline of a reviewed paper of theirs to read its reviews', async () => {
    const { world, organiser, make, review, organise, current } = await setUp(engine);
    const { ref } = await make(organiser, [{ name: 'Olga Organiser', me: true }]);
    await review(ref);
    expect(await organise(ref, [{ name: 'Somebody Else' }])).toEqual({ ok: false, reason: 'forbidden' });
    expect(mayReadReviews(await organiser.viewer(), world, await current(ref))).toBe(false);
  });

  test('nor by leaving it before it is reviewed: it stays the paper that they have submitted', async () => {
    const { ctx, world, organiser, make, review, organise, current } = await setUp(engine);
    const { ref } = await make(organiser, [{ name: 'Olga Organiser', me: true }]);
    expect(await organise(ref, [{ name: 'Somebody Else' }])).toEqual({ ok: true });
    await review(ref);
    const viewer = await organiser.viewer();
    expect(mayReadReviews(viewer, world, await current(ref))).toBe(false);
    const { submissions } = await submissionsAwaiting(
      ctx.db,
      world.id,
      parseReviewQuery(new URLSearchParams('state=all')),
      viewer,
      true,
    );
    expect(submissions.map((line) => [line.ref, line.reviews])).toEqual([[ref, undefined]]);
  });

  test('nor do they become an author of one that they may have read, but by being asked', async () => {
    const { author, organiser, make, review, organise, current } = await setUp(engine);
    const { ref, authors } = await make(author, [me]);
    await review(ref);
    const kept = { id: authors[0]!.id, name: 'Aigul Author' };
    const added = { name: 'Olga Organiser', address: organiser.address, me: true };
    expect(await organise(ref, [kept, added])).toEqual({ ok: true });
    expect((await current(ref)).authors.map(({ state }) => state)).toEqual(['confirmed', 'asked']);
  });

  test('a review does not count for as long as its writer is an author', async () => {
    const { ctx, author, reviewer, make, review } = await setUp(engine);
    const { ref, id } = await make(author, [me, dee]);
    await review(ref);
    expect(await reviewsOf(ctx.db, id)).toHaveLength(1);
    await yesFrom(ctx, DEE, await reviewer.viewer());
    expect(await reviewsOf(ctx.db, id)).toEqual([]);
    await sayNo(ctx, await askedToken(ctx, DEE));
    expect(await reviewsOf(ctx.db, id)).toHaveLength(1);
  });

  test('and counts again once they stand in the byline no more', async () => {
    const { ctx, author, reviewer, make, review, organise } = await setUp(engine);
    const { ref, id, authors } = await make(author, [me, dee]);
    await review(ref);
    await yesFrom(ctx, DEE, await reviewer.viewer());
    expect(await organise(ref, [{ id: authors[0]!.id, name: 'Aigul Author' }])).toEqual({ ok: true });
    expect(await reviewsOf(ctx.db, id)).toHaveLength(1);
  });

  test('a review that was taken back and written anew is not the one that another tab has read', async () => {
    const { ctx, world, author, reviewer, make } = await setUp(engine);
    const { ref, id } = await make(author, [me]);
    const save = async (note: string, revision: number) =>
      saveReview(ctx, world, await reviewer.viewer(), ref, { score: 5, note, revision });
    await save('First', 0);
    const { revision } = (await ownReview(ctx.db, id, await reviewer.viewer()))!;
    await removeReview(ctx, world, await reviewer.viewer(), ref);
    await save('Anew', 0);
    expect(await save('From the old tab', revision)).toMatchObject({ ok: false, reason: 'stale' });
  });

  test('what was reviewed, withdrawn and taken up again has its byline in its author’s hand', async () => {
    const { ctx, world, author, make, review, current } = await setUp(engine);
    const { ref } = await make(author, [me]);
    await review(ref);
    expect((await current(ref)).underReview).toBe(true);
    await withdrawSubmission(ctx, world, await author.viewer(), ref);
    await reinstateSubmission(ctx, world, await author.viewer(), ref);
    expect(await current(ref)).toMatchObject({ state: 'draft', underReview: false });
    expect(await saveAuthors(ctx, world, author, ref, [me, dee])).toMatchObject({ ok: true });
  });
});
