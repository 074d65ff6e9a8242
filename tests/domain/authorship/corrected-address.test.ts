import { describe, expect, test } from 'vitest';
import { sendMessage } from '~/domain/message/commands.server';
import { threadById } from '~/domain/message/queries.server';
import { threadsOf } from '~/domain/message/thread-list.server';
import { paperByRef } from '~/domain/programme/queries.server';
import { setPublished } from '~/domain/review/commands.server';
import { decisionsOn, inForce, toldOf } from '~/domain/review/decision-queries.server';
import { editByline } from '~/domain/submission/byline/organise.server';
import { submissionByRef } from '~/domain/submission/queries.server';
import { bylineSchema } from '~/domain/submission/schema';
import { fates, type Line, saveAuthors, yesFrom } from '../../support/authorship';
import { testContext } from '../../support/context';
import { type Engine, engines } from '../../support/database';
import { decideNow } from '../../support/decisions';
import { makeConference, makePerson, makeSubmission, newKey } from '../../support/world';

const WRONG = 'tmur@authors.example';
const RIGHT = 'timur@authors.example';

/** A published paper whose second author has a mistyped address, a decision and a message that wait for them. */
async function mistyped(engine: Engine) {
  const ctx = await testContext({ engine });
  const world = await makeConference(ctx);
  const aigul = await makePerson(ctx, 'Aigul Author');
  const olga = await makePerson(ctx, 'Olga Organiser', { roles: [[world, 'organiser']] });
  const reader = await makePerson(ctx, 'Rano Reader');
  const authors = [
    { name: aigul.name, me: true },
    { name: 'Timur', address: WRONG, contactable: true },
  ];
  const { ref, id } = await makeSubmission(ctx, world, aigul, { authors });
  expect(await decideNow(ctx, world, await olga.viewer(), ref, 'accepted')).toMatchObject({ ok: true });
  await setPublished(ctx, world, await olga.viewer(), ref, true);
  const paper = (await paperByRef(ctx.db, world.id, ref, null))!;
  const read = async () => (await submissionByRef(ctx.db, world.id, ref))!;
  const [, timur] = (await read()).authors;
  const input = { key: newKey(), to: [timur!.id as string], subject: 'Sources', body: 'Which archive?' };
  expect(await sendMessage(ctx, world, paper, await reader.viewer(), input)).toEqual({ ok: true });
  const save = async (lines: (authors: Awaited<ReturnType<typeof read>>['authors']) => Line[]) => {
    const { version, authors } = await read();
    const form = { authors: bylineSchema.parse(lines(authors)), baseVersion: version.id as string };
    expect(await editByline(ctx, world, await olga.viewer(), ref, form)).toEqual({ ok: true });
  };
  const others = async () => {
    const { threads } = await threadsOf(ctx.db, world.id, await reader.viewer());
    const { participants } = (await threadById(ctx.db, world.id, threads[0]!.id, await reader.viewer()))!;
    return participants.slice(1).map(({ consent, leftAt }) => (leftAt ? 'left' : consent));
  };
  const told = async () => toldOf(ctx.db, inForce(await decisionsOn(ctx.db, id))!.id);
  return { ctx, world, aigul, ref, read, save, others, told };
}

describe.each(engines)('an address that was mistyped, on %s', (engine) => {
  test('is corrected, and what waited goes to whoever says yes there', async () => {
    const { ctx, save, others, told } = await mistyped(engine);
    await save(([first, second]) => [
      { id: first!.id, name: first!.name },
      { id: second!.id, name: 'Timur', address: RIGHT },
    ]);
    expect(await fates(ctx, WRONG)).toEqual(['author-asked queued', 'decision cancelled']);
    expect([await others(), (await told()).waiting]).toEqual([['waiting'], 1]);
    await yesFrom(ctx, RIGHT);
    expect(await fates(ctx, RIGHT)).toEqual(['author-asked queued', 'decision queued', 'relayed-message queued']);
    expect([await others(), (await told()).waiting]).toEqual([['given'], 0]);
  });

  test('is taken out with its line: nothing waits for it any more, and the writer sees that', async () => {
    const { save, others, told } = await mistyped(engine);
    await save(([first]) => [{ id: first!.id, name: first!.name }]);
    expect([await others(), (await told()).waiting]).toEqual([['left'], 0]);
  });

  test('a yes and somebody’s save at the same moment: the yes stands', async () => {
    const ctx = await testContext({ engine });
    const world = await makeConference(ctx);
    const aigul = await makePerson(ctx, 'Aigul Author');
    for (let round = 0; round < 8; round++) {
      const address = `timur${round}@authors.example`;
      const authors = [
        { name: aigul.name, me: true },
        { name: 'Timur', address },
      ];
      const { ref, authors: saved } = await makeSubmission(ctx, world, aigul, { authors });
      const lines = saved.map(({ id, name, accountId }) => ({ id, name, me: accountId !== null }));
      await Promise.all([
        yesFrom(ctx, address),
        saveAuthors(ctx, world, aigul, ref, [lines[0]!, { ...lines[1]!, affiliation: 'Lab' }]),
      ]);
      const [, timur] = (await submissionByRef(ctx.db, world.id, ref))!.authors;
      expect(timur).toMatchObject({ state: 'confirmed', affiliation: 'Lab' });
    }
  });
});
