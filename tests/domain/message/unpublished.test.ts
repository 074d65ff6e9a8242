import { expect, test } from 'vitest';
import { write } from '#db/write';
import { reportMessage } from '~/domain/conduct/commands.server';
import { reportById, reportsFor } from '~/domain/conduct/queries.server';
import { answer } from '~/domain/message/commands.server';
import { letterBehind } from '~/domain/message/letter-link.server';
import { threadById, threadOf } from '~/domain/message/queries.server';
import { threadsOf } from '~/domain/message/thread-list.server';
import { editSubmission, move, reinstateSubmission, withdrawSubmission } from '~/domain/submission/commands.server';
import { publishSubmissions } from '~/domain/submission/publication.server';
import { ownSubmission } from '~/domain/submission/queries.server';
import { submissionSchema } from '~/domain/submission/schema';
import { engines } from '../../support/database';
import { outboxRows } from '../../support/mail';
import { openRelay } from '../../support/relay';
import { makePerson, newKey } from '../../support/world';

const PUBLIC = 'Water, Borders and Trust';
const SECRET = 'Quite another Zeppelin';

type Relay = Awaited<ReturnType<typeof openRelay>>;

/** Saves another title, as the author's form does. */
async function retitle({ ctx, world, author, paper }: Relay, title: string, intent: 'draft' | 'submit') {
  const viewer = await author.viewer();
  const submission = (await ownSubmission(ctx.db, world.id, paper.ref, viewer))!;
  const { version, authors } = submission;
  const { abstract, formatId, themeId } = version;
  const names = authors.map(({ id, name }) => ({ id, name, contactable: true }));
  const values = { title, intent, abstract, formatId, themeId, authors: names, baseVersion: version.id };
  const saved = await editSubmission(ctx, world, viewer, paper.ref, submissionSchema(world).parse(values));
  expect(saved).toMatchObject({ ok: true });
}

async function draftAgain(relay: Relay): Promise<void> {
  const { ctx, world, author, paper } = relay;
  const viewer = await author.viewer();
  expect(await withdrawSubmission(ctx, world, viewer, paper.ref)).toBe(true);
  expect(await reinstateSubmission(ctx, world, viewer, paper.ref)).toBe(true);
  await retitle(relay, SECRET, 'draft');
}

async function publish({ ctx, world, paper }: Relay): Promise<void> {
  await write(ctx.db, async (trx) => {
    await move(trx, ctx, { id: paper.id, state: 'submitted' }, 'accept');
    expect(await publishSubmissions(trx, ctx, world, [paper.id])).toBe(1);
  });
}

test.each(engines)(
  'of a paper that is a draft again, its conversations show what was published, on %s',
  async (engine) => {
    const relay = await openRelay(engine);
    const { ctx, world, author, reader } = relay;
    const contact = await makePerson(ctx, 'Conduct Contact', { roles: [[world, 'conduct']] });
    await draftAgain(relay);
    const viewer = await reader.viewer();
    const { threads } = await threadsOf(ctx.db, world.id, viewer);
    expect(threads).toMatchObject([{ title: PUBLIC }]);
    const { id } = threads[0]!;
    const page = (await threadById(ctx.db, world.id, id, viewer))!;
    expect(page.paper).toMatchObject({ title: PUBLIC, published: false });
    expect((await threadOf(ctx.db, page.own.id)).paper.title).toBe(PUBLIC);
    expect((await threadsOf(ctx.db, world.id, viewer, { search: 'zeppelin' })).threads).toEqual([]);
    expect((await threadsOf(ctx.db, world.id, viewer, { search: 'borders' })).threads).toHaveLength(1);

    // What goes out by mail, both ways, and what conduct contacts read.
    for (const person of [reader, author])
      expect(await answer(ctx, world, id, await person.viewer(), { key: newKey(), body: 'And now?' })).toMatchObject({
        ok: true,
      });
    const letter = (await outboxRows(ctx)).find((row) => /\/letters\//.test(row.text))!;
    const token = /\/letters\/([\w.-]+)/.exec(letter.text)![1]!;
    expect((await letterBehind(ctx, token))!.thread.paper.title).toBe(PUBLIC);
    const ours = (await threadById(ctx.db, world.id, id, await author.viewer()))!;
    await reportMessage(ctx, world, ours.own, ours.messages[0]!.id, { reason: 'other', note: '' });
    const judge = await contact.viewer();
    const [line] = (await reportsFor(ctx.db, world.id, judge)).lines;
    expect((await reportById(ctx.db, world.id, line!.id, judge))!.title).toBe(PUBLIC);
    expect(JSON.stringify(await outboxRows(ctx))).not.toContain(SECRET);
    expect(JSON.stringify(await ctx.db.selectFrom('threads').selectAll().execute()).toLowerCase()).not.toContain(
      'zeppelin',
    );
  },
);

test.each(engines)('published anew, it is what its conversations show and are found by, on %s', async (engine) => {
  const relay = await openRelay(engine);
  const { ctx, world, reader } = relay;
  await draftAgain(relay);
  await retitle(relay, SECRET, 'submit');
  const viewer = await reader.viewer();
  expect((await threadsOf(ctx.db, world.id, viewer)).threads).toMatchObject([{ title: PUBLIC }]);
  await publish(relay);
  expect((await threadsOf(ctx.db, world.id, viewer)).threads).toMatchObject([{ title: SECRET }]);
  for (const search of ['zeppelin', 'sources', 'Aigul', 'rano'])
    expect((await threadsOf(ctx.db, world.id, viewer, { search })).threads, search).toHaveLength(1);
  expect((await threadsOf(ctx.db, world.id, viewer, { search: 'borders' })).threads).toEqual([]);
});
