import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newId } from '#db/ids';
import { answer, sendMessage } from '~/domain/message/commands.server';
import { threadById } from '~/domain/message/queries.server';
import { guestMessageSchema, messageSchema } from '~/domain/message/schema';
import { threadsOf } from '~/domain/message/thread-list.server';
import { testContext } from '../../support/context';
import { engines } from '../../support/database';
import { makeConference, makePerson, makeSubmission } from '../../support/world';

describe('the form', () => {
  const form = { key: newId(), to: ['a'], subject: 'S', body: 'B' };
  test('takes one line for a subject and many for a body', () => {
    expect(messageSchema.parse({ ...form, subject: ' a\r\nb\u2028c ', body: ' a\r\nb\u2028c\u0000 ' })).toMatchObject({
      subject: 'a b c',
      body: 'a\nb\nc',
    });
  });

  test('is never empty, and has somebody to go to', () => {
    for (const others of [
      { subject: '\u0000 ' },
      { body: '\u202E\n' },
      { to: [] },
      { to: Array(51).fill('a') },
      { key: 'x' },
    ])
      expect([others, messageSchema.safeParse({ ...form, ...others }).success]).toEqual([others, false]);
  });

  test('never throws, and lets no line end into a subject or name', () => {
    const guest = { ...form, name: 'Gita', address: 'gita@guests.example' };
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(guest)),
        fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
        (name, value) => {
          const parsed = guestMessageSchema.safeParse({ ...guest, [name]: value });
          if (!parsed.success) return;
          expect(parsed.data.subject + parsed.data.name + parsed.data.address).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
          expect(parsed.data.body.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});

describe.each(engines)('threads on %s', (engine) => {
  test('two authors behind one mailbox have one part in a thread; the writer, who is an author, no second', async () => {
    const ctx = await testContext({ engine });
    const world = await makeConference(ctx);
    const author = await makePerson(ctx, 'Aigul Author');
    const paper = await makeSubmission(ctx, world, author, {
      state: 'published',
      authors: [
        { name: 'Aigul Author', address: author.address, contactable: true },
        { name: 'Office of One', address: 'office@authors.example', contactable: true },
        { name: 'Office of Two', address: 'other@authors.example', contactable: true },
      ],
    });
    // As an import leaves it.
    await ctx.db
      .updateTable('authors')
      .set({ mailbox_id: paper.authors[1]!.mailboxId })
      .where('id', '=', paper.authors[2]!.id)
      .execute();
    const about = { submissionId: paper.id, versionId: paper.versionId, ref: paper.ref, title: paper.title };
    const to = paper.authors.map(({ id }) => id as string);
    const input = { key: newId(), to, subject: 'To my co-authors', body: 'Dear both' };
    expect(await sendMessage(ctx, world, about, await author.viewer(), input)).toEqual({ ok: true });
    const parts = await ctx.db.selectFrom('participants').select(['mailbox_id', 'role', 'consent']).execute();
    expect(parts.filter(({ role }) => role === 'author')).toEqual([
      { mailbox_id: paper.authors[1]!.mailboxId, role: 'author', consent: 'waiting' },
    ]);
  });

  test('one key is one message, but only of one person', async () => {
    const ctx = await testContext({ engine });
    const world = await makeConference(ctx);
    const author = await makePerson(ctx, 'Aigul Author');
    const [first, second] = [await makePerson(ctx, 'First Reader'), await makePerson(ctx, 'Second Reader')];
    const paper = await makeSubmission(ctx, world, author, { state: 'published' });
    const about = { submissionId: paper.id, versionId: paper.versionId, ref: paper.ref, title: paper.title };
    const input = { key: newId(), to: [paper.authors[0]!.id as string], subject: 'S', body: 'B' };
    const results = await Promise.all(
      [first, first, second].map(async (reader) => sendMessage(ctx, world, about, await reader.viewer(), input)),
    );
    expect(results).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    expect(await ctx.db.selectFrom('messages').select('id').execute()).toHaveLength(2);
    const [thread] = (await threadsOf(ctx.db, world.id, await first.viewer())).threads;
    const reply = { key: newId(), body: 'R' };
    const answers = await Promise.all(
      [1, 2].map(async () => answer(ctx, world, thread!.id, await author.viewer(), reply)),
    );
    expect(answers).toEqual([{ ok: true }, { ok: true }]);
    expect((await threadById(ctx.db, world.id, thread!.id, await first.viewer()))!.messages).toHaveLength(2);
    expect(await threadById(ctx.db, world.id, thread!.id, await second.viewer())).toBeNull();
    expect(await answer(ctx, world, thread!.id, await second.viewer(), { key: newId(), body: 'X' })).toBeNull();
  });
});
