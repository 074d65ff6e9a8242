import { describe, expect, test } from 'vitest';
import { setPublished } from '~/domain/review/commands.server';
import { decideNow } from '../support/decisions';
import { openPortal } from '../support/portal';
import { makeConference, makePerson, makeSubmission } from '../support/world';

const AFTER = '2027-03-01T00:00:00.000Z';

async function setUp() {
  const portal = await openPortal();
  const { ctx } = portal;
  const world = await makeConference(ctx);
  const author = await portal.signIn(await makePerson(ctx, 'Aigul Author'));
  const coauthor = await portal.signIn(await makePerson(ctx, 'Cem Coauthor'));
  const organiser = await portal.signIn(await makePerson(ctx, 'Olim Organiser', { roles: [[world, 'organiser']] }));
  const authors = [author, coauthor].map(({ name, address }) => ({ name, address, contactable: true }));
  const submit = (state: Parameters<typeof makeSubmission>[3] = {}) =>
    makeSubmission(ctx, world, author, { authors, ...state });
  /** What the submission's page and the list say to somebody. */
  const told = async (as: typeof author, ref: string) => ({
    page: (await portal.get(`/cas-2027/submissions/${ref}`, { as })).text,
    list: (await portal.get('/cas-2027/submissions', { as })).text,
  });
  const both = async (as: typeof author, ref: string, sentence: string) => {
    const { page, list } = await told(as, ref);
    expect(page).toContain(sentence);
    expect(list).toContain(sentence);
  };
  return { portal, ctx, world, author, coauthor, organiser, submit, both, told };
}

describe('pages say how it stands', () => {
  test('to a co-author while submissions are open, and after they have closed', async () => {
    const { ctx, coauthor, submit, both } = await setUp();
    const { ref } = await submit();
    await both(coauthor, ref, 'It is submitted. Aigul Author can change it until 1 February 2027 at 23:59 GMT+5.');
    ctx.clock.set(AFTER);
    await both(coauthor, ref, 'Submissions closed on 1 February 2027 at 23:59 GMT+5, so the text is fixed.');
  });

  test('who withdrew it, when, and what can be done then', async () => {
    const { portal, ctx, author, coauthor, submit, both } = await setUp();
    const { ref } = await submit();
    await portal.post(`/cas-2027/submissions/${ref}`, { act: 'withdraw' }, { as: author });
    const at = 'on 15 January 2027 at 15:00 GMT+5.';
    await both(author, ref, `You withdrew it ${at} You can make it a draft again until`);
    await both(coauthor, ref, `Aigul Author withdrew it ${at}`);
    // A second press, as from a page that is still open, is no error and no second withdrawal.
    const again = await portal.post(`/cas-2027/submissions/${ref}`, { act: 'withdraw' }, { as: author });
    expect(again.status).toBe(303);
    expect((await portal.get(again.location!, { as: author })).text).toContain('Nothing was changed.');
    ctx.clock.set(AFTER);
    await both(author, ref, 'so it cannot be made a draft again');
  });

  test('what withdrawing would do, before it is done', async () => {
    const { ctx, author, submit, told } = await setUp();
    const [draft, handedIn, published] = [
      await submit({ state: 'draft' }),
      await submit(),
      await submit({ state: 'published' }),
    ];
    const until = 'You can make it a draft again until 1 February 2027 at 23:59 GMT+5.';
    expect((await told(author, draft.ref)).page).toContain(`You put the draft aside. ${until}`);
    expect((await told(author, handedIn.ref)).page).toContain(`The organisers no longer consider it. ${until}`);
    ctx.clock.set(AFTER);
    expect((await told(author, published.ref)).page).toContain(
      'It leaves the programme, and the organisers no longer consider it. Submissions are closed, so you cannot undo this.',
    );
  });

  test('a draft after closing is not called submitted, and a form sent then loses nothing', async () => {
    const { portal, ctx, author, submit, both } = await setUp();
    const { ref } = await submit({ state: 'draft' });
    const form = (await portal.get(`/cas-2027/submissions/${ref}`, { as: author })).form('title');
    ctx.clock.set(AFTER);
    await both(author, ref, 'This is a draft: it is not submitted. Submissions closed on 1 February 2027');
    const late = await portal.post(form.action, form.with({ title: 'Too late', intent: 'submit' }), { as: author });
    expect(late.status).toBe(409);
    expect(late.text).toContain('Nothing was saved. What you typed is still here, so that you can copy it. This is a');
    expect(late.form('title').fields).toContainEqual(['title', 'Too late']);
  });

  test('the decision: outcome, date and the organisers’ words, to every author, until it is withdrawn', async () => {
    const { portal, ctx, world, author, coauthor, organiser, submit, both, told } = await setUp();
    const { ref } = await submit();
    const viewer = await organiser.viewer();
    await decideNow(ctx, world, viewer, ref, 'rejected', { note: 'Sorry, too short.' });
    await both(coauthor, ref, 'It has not been accepted.');
    ctx.clock.advance(60_000);
    await decideNow(ctx, world, viewer, ref, 'accepted', { note: 'Most welcome.' });
    for (const person of [author, coauthor]) {
      await both(person, ref, 'It has been accepted and is not in the programme yet: the organisers publish it.');
      const { page, list } = await told(person, ref);
      expect(page).toContain('Accepted on 15 January 2027 at 15:01 GMT+5');
      expect(page).toContain('Most welcome.');
      expect(page).not.toContain('Sorry, too short.');
      expect(list).toContain('Read the decision');
    }
    await setPublished(ctx, world, viewer, ref, true);
    await both(coauthor, ref, 'It has been accepted and is in the programme.');
    await portal.post(`/cas-2027/submissions/${ref}`, { act: 'withdraw' }, { as: author });
    await both(
      coauthor,
      ref,
      'Aigul Author withdrew it on 15 January 2027 at 15:01 GMT+5, after it had been accepted.',
    );
    expect((await told(coauthor, ref)).page).not.toContain('Most welcome.');
    // Handed in again it waits for a new decision.
    ctx.clock.advance(60_000);
    await portal.post(`/cas-2027/submissions/${ref}`, { act: 'reinstate' }, { as: author });
    const form = (await portal.get(`/cas-2027/submissions/${ref}`, { as: author })).form('title');
    await portal.post(form.action, form.with({ intent: 'submit' }), { as: author });
    await both(author, ref, 'It is submitted. You can change it until');
    expect((await told(author, ref)).page).not.toMatch(/Most welcome|Reviewers have begun/);
  });
});
