import { describe, expect, test } from 'vitest';
import { block } from '~/domain/account/blocks.server';
import { mailboxFor } from '~/domain/account/mailboxes.server';
import { suppressMailbox } from '~/domain/account/suppression.server';
import { sendMessage } from '~/domain/message/commands.server';
import { threadById } from '~/domain/message/queries.server';
import { recipientsOf } from '~/domain/message/recipients.server';
import { setRules } from '~/domain/message/rules.server';
import { threadsOf } from '~/domain/message/thread-list.server';
import { paperByRef } from '~/domain/programme/queries.server';
import { askUnasked } from '~/domain/submission/byline/unasked.server';
import { editSubmission, reinstateSubmission, withdrawSubmission } from '~/domain/submission/commands.server';
import { submissionByRef } from '~/domain/submission/queries.server';
import { submissionSchema } from '~/domain/submission/schema';
import { fates, reaches, saveAuthors } from '../../support/authorship';
import { testContext } from '../../support/context';
import { engines } from '../../support/database';
import { letters } from '../../support/inbox';
import { runWorker, until } from '../../support/mail';
import { openSmtpSink } from '../../support/smtp-sink';
import { makeConference, makePerson, makeSubmission, newKey } from '../../support/world';

describe.each(engines)('authors are asked, on %s', (engine) => {
  test('twelve authors with every default can be written to, by the submitter, the moment the paper is published', async () => {
    const ctx = await testContext({ engine });
    const world = await makeConference(ctx);
    const professor = await makePerson(ctx, 'Aigul Author');
    const authors = Array.from({ length: 12 }, (_, index) => ({
      name: index === 0 ? professor.name : `Author ${String.fromCharCode(65 + index)}`,
      me: index === 0,
      contactable: true,
    }));
    const { ref } = await makeSubmission(ctx, world, professor, { state: 'published', authors });
    const paper = (await paperByRef(ctx.db, world.id, ref, null))!;
    expect(paper.contactable).toBe(true);
    const { recipients } = await recipientsOf(ctx.db, paper, { participates: false });
    expect(recipients.map(({ name, consent }) => [name, consent])).toEqual([['Aigul Author', 'given']]);
    expect(Object.values(await reaches(ctx, world, ref))).toEqual(['reachable', ...Array(11).fill('no-address')]);
  });

  test('each gets one mail, with title, names and affiliations and nothing else, however often it is saved', async () => {
    const ctx = await testContext({ engine });
    const world = await makeConference(ctx);
    const author = await makePerson(ctx, 'Aigul Author');
    const lines = [
      { name: 'Aigul Author', me: true },
      { name: 'Timur Coauthor', affiliation: 'Lab, see www.evil.example', address: 'timur@authors.example' },
    ];
    const { ref } = await makeSubmission(ctx, world, author, {
      title: 'Buy at https://evil.example/now',
      abstract: 'Words of the abstract, and of nobody else.',
      authors: lines,
    });
    const [mail] = await letters(ctx, 'timur@authors.example');
    expect(mail).toMatchObject({ kind: 'author-asked', state: 'queued' });
    expect(mail!.text).toContain('Timur Coauthor (Lab, see […])');
    expect(mail!.text).not.toContain('evil.example');
    expect(mail!.text).not.toContain('Words of the abstract');
    const saved = (await submissionByRef(ctx.db, world.id, ref))!.authors.map(({ id, name }) => ({
      id,
      name,
      me: name === author.name,
    }));
    await saveAuthors(ctx, world, author, ref, saved);
    await saveAuthors(ctx, world, author, ref, [saved[0]!]);
    // Put in again by hand: the same person, and no second mail.
    await saveAuthors(ctx, world, author, ref, [saved[0]!, { name: 'T. Coauthor', address: 'timur@authors.example' }]);
    expect(await letters(ctx, 'timur@authors.example')).toHaveLength(1);
    await saveAuthors(ctx, world, author, ref, [saved[0]!, { name: 'Late', address: 'late@authors.example' }]);
    expect(await fates(ctx, 'late@authors.example')).toEqual(['author-asked queued']);
  });

  test('a draft asks nobody; a withdrawn paper stops the question, and a new submission asks', async () => {
    const ctx = await testContext({ engine });
    const world = await makeConference(ctx);
    const author = await makePerson(ctx, 'Aigul Author');
    const lines = [
      { name: 'Aigul Author', me: true },
      { name: 'Timur', address: 'timur@authors.example' },
    ];
    await makeSubmission(ctx, world, author, { state: 'draft', authors: lines });
    expect(await letters(ctx, 'timur@authors.example')).toEqual([]);
    const { ref } = await makeSubmission(ctx, world, author, { authors: lines });
    await withdrawSubmission(ctx, world, await author.viewer(), ref);
    const sink = await openSmtpSink();
    runWorker(ctx, sink);
    await until(async () => (await fates(ctx, 'timur@authors.example'))[0] === 'author-asked cancelled');
    expect(sink.mails.filter((mail) => mail.to.includes('timur@authors.example'))).toEqual([]);
    await reinstateSubmission(ctx, world, await author.viewer(), ref);
    const { version, authors } = (await submissionByRef(ctx.db, world.id, ref))!;
    const input = submissionSchema(world).parse({
      ...version,
      keywords: '',
      language: undefined,
      intent: 'submit',
      baseVersion: version.id,
      authors: authors.map(({ id, name, accountId }) => ({ id, name, me: accountId !== null })),
    });
    expect(await editSubmission(ctx, world, await author.viewer(), ref, input)).toMatchObject({ ok: true });
    await until(async () => (await fates(ctx, 'timur@authors.example'))[0] === 'author-asked sent');
  });

  test('beyond the limits of a person nothing goes and nothing shows; they are asked later', async () => {
    const ctx = await testContext({ engine });
    const world = await makeConference(ctx);
    const authorsOfPapers = [await makePerson(ctx, 'Aigul Author'), await makePerson(ctx, 'Bolot Author')];
    const refs: string[] = [];
    for (let count = 0; count < 10; count++) {
      // One of them names Timur in four papers and four more, which are beyond what one may ask of one person.
      const author = authorsOfPapers[count < 8 ? 0 : 1]!;
      // Other tags and dots are the same person.
      const address = `ti.mur+${count}@authors.example`;
      const authors = [
        { name: author.name, me: true },
        { name: 'Timur', address },
      ];
      refs.push((await makeSubmission(ctx, world, author, { authors })).ref);
    }
    const count = async () =>
      (await ctx.db.selectFrom('outbox').select('id').where('kind', '=', 'author-asked').execute()).length;
    expect(await count()).toBe(6);
    for (const ref of refs) expect((await reaches(ctx, world, ref)).Timur).toBe('waiting');
    ctx.clock.advance(25 * 3_600_000);
    await askUnasked(ctx);
    expect(await count()).toBe(10);
    await askUnasked(ctx);
    expect(await count()).toBe(10);
  });

  test('guessed addresses in a byline tell nothing: one state, one list of recipients, one delivery for all', async () => {
    const ctx = await testContext({ engine });
    const world = await makeConference(ctx);
    const author = await makePerson(ctx, 'Aigul Author');
    const reader = await makePerson(ctx, 'Rano Reader');
    const known = await makePerson(ctx, 'Known Person');
    const refusing = await makePerson(ctx, 'Refusing Person');
    await setRules(ctx, await refusing.viewer(), { lettersFrom: 'nobody', quiet: null });
    const asking = await makePerson(ctx, 'Asking Person');
    await setRules(ctx, await asking.viewer(), { lettersFrom: 'asked', quiet: null });
    const blocking = await makePerson(ctx, 'Blocking Person');
    const [own] = (await blocking.viewer()).mailboxIds;
    await block(ctx, own!, { mailboxId: (await reader.viewer()).mailboxIds[0]!, name: reader.name });
    const failing = await makePerson(ctx, 'Failing Person');
    await suppressMailbox(ctx.db, ctx.clock, await mailboxFor(ctx.db, ctx.clock, failing.address), 'bounce');
    const guesses = [known, refusing, asking, blocking, failing].map(({ address }) => address);
    const { ref, id } = await makeSubmission(ctx, world, author, {
      state: 'published',
      authors: [
        { name: 'Aigul Author', me: true, contactable: true },
        ...[...guesses, 'nobody@unknown.example'].map((address, index) => ({
          name: `Guess ${index}`,
          address,
          contactable: true,
          silent: true,
        })),
      ],
    });
    const sink = await openSmtpSink();
    runWorker(ctx, sink);
    await until(
      async () => (await ctx.db.selectFrom('outbox').select('id').where('state', '=', 'queued').execute()).length === 0,
    );
    const states = Object.entries(await reaches(ctx, world, ref)).filter(([name]) => name.startsWith('Guess'));
    expect(new Set(states.map(([, state]) => state))).toEqual(new Set(['waiting']));
    const paper = (await paperByRef(ctx.db, world.id, ref, null))!;
    const { recipients, others } = await recipientsOf(ctx.db, paper, { participates: false });
    expect([recipients.length, others]).toEqual([7, false]);
    expect(new Set(recipients.slice(1).map(({ consent }) => consent))).toEqual(new Set(['waiting']));
    await sendMessage(ctx, world, { ...paper, submissionId: id }, await reader.viewer(), {
      key: newKey(),
      to: recipients.map((recipient) => recipient.id as string),
      subject: 'Sources',
      body: 'Which?',
    });
    const { threads } = await threadsOf(ctx.db, world.id, await reader.viewer());
    const thread = (await threadById(ctx.db, world.id, threads[0]!.id, await reader.viewer()))!;
    const told = thread.messages[0]!.deliveries.filter(({ name }) => name.startsWith('Guess'));
    expect(told.map(({ state }) => state)).toEqual(Array(6).fill('waiting'));
    // And nothing of it is put before those who have not said yes.
    for (const person of [known, refusing, asking, blocking])
      expect((await threadsOf(ctx.db, world.id, await person.viewer())).threads).toEqual([]);
  });
});
