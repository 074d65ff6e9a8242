import { expect, test } from 'vitest';
import { migrate } from '#db/migrate';
import type { Id } from '#db/schema';
import { sayYes } from '~/domain/authorship/commands.server';
import { openLog } from '~/domain/log.server';
import { askUnasked } from '~/domain/submission/byline/unasked.server';
import { askedToken, fates } from '../support/authorship';
import { testConfig } from '../support/config';
import { TestClock, type TestContext } from '../support/context';
import { engines } from '../support/database';
import { day, openOldPortal } from '../support/old-portal';

test.each(engines)(
  '0007 on %s: people of a portal of before are carried over, and nobody’s message is lost',
  async (engine) => {
    const { db, insert } = await openOldPortal(engine, '0006-disclosure');
    const account = (id: string, name: string) => insert('accounts', { id, name, created_at: day(1) });
    const mailbox = (id: string, owner: string | null, verified: boolean) =>
      insert('mailboxes', {
        id,
        account_id: owner,
        address: `${id}@people.example`,
        address_key: `${id}@people.example`,
        person_key: `${id}@people.example`,
        verified_at: verified ? day(1) : null,
        created_at: day(1),
      });
    await account('aigul', 'Aigul  Author');
    await account('olga', 'Olga Organiser');
    await account('rano', 'Rano Reader');
    await mailbox('m-aigul', 'aigul', true);
    await mailbox('m-rano', 'rano', true);
    await mailbox('m-known', 'olga', true);
    await mailbox('m-new', null, false);
    await mailbox('m-import', null, true);
    await insert('conferences', {
      id: 'c',
      number: 1,
      slug: 'c',
      name: 'C',
      time_zone: 'UTC',
      ref_prefix: 'T',
      created_at: day(1),
    });
    await insert('formats', { id: 'f', conference_id: 'c', name: 'Talk', word_limit: 100, position: 1 });
    await insert('themes', { id: 't', conference_id: 'c', name: 'Water', position: 1 });
    type Line = { id: string; name: string; mailbox?: string; contactable?: number };
    const paper = async (id: string, seq: number, state: string, submitter: string | null, versions: Line[][]) => {
      await insert('submissions', {
        id,
        conference_id: 'c',
        ref: `T${seq}`,
        seq,
        state,
        current_version_id: `${id}${versions.length}`,
        submitter_id: submitter,
        submitted_at: day(2),
        created_at: day(2),
        updated_at: day(2),
      });
      for (const [index, lines] of versions.entries()) {
        const version = `${id}${index + 1}`;
        await insert('submission_versions', {
          id: version,
          submission_id: id,
          number: index + 1,
          title: id,
          abstract: '',
          markup: 'plain',
          format_id: 'f',
          theme_id: 't',
          keywords: '[]',
          language: '',
          saved_at: day(2),
        });
        for (const [position, line] of lines.entries())
          await insert('version_authors', {
            version_id: version,
            position,
            author_id: line.id,
            name: line.name,
            affiliation: 'Lab',
            orcid: null,
            presenter: position === 0 ? 1 : 0,
            contactable: line.contactable ?? 1,
            mailbox_id: line.mailbox ?? null,
          });
      }
    };
    await paper('own', 1, 'accepted', 'aigul', [
      [
        { id: 'own-a', name: 'aigul author' },
        { id: 'own-gone', name: 'Taken Out', mailbox: 'm-new' },
      ],
      [
        { id: 'own-a', name: 'aigul author' },
        { id: 'own-b', name: 'Known', mailbox: 'm-known', contactable: 0 },
        { id: 'own-c', name: 'New', mailbox: 'm-new' },
        { id: 'own-d', name: 'Without' },
      ],
    ]);
    await paper('typed', 2, 'submitted', 'olga', [[{ id: 'typed-a', name: 'Somebody Else', mailbox: 'm-new' }]]);
    await paper('imported', 3, 'accepted', null, [[{ id: 'imp-a', name: 'Imported', mailbox: 'm-import' }]]);
    const decision = (id: string, of: string, outcome: string, on: number) =>
      insert('decisions', { id, submission_id: of, outcome, note: '', decided_by: 'olga', decided_at: day(on) });
    await decision('019b0000-0000-7000-8000-000000000001', 'own', 'rejected', 3);
    await decision('019b0000-0000-7000-8000-000000000002', 'own', 'accepted', 4);
    await decision('019b0000-0000-7000-8000-000000000003', 'typed', 'accepted', 4);
    await insert('threads', { id: 'th', conference_id: 'c', submission_id: 'own', subject: 'S', created_at: day(5) });
    const participant = (id: string, role: string, author: string | null, box: string) =>
      insert('participants', { id, thread_id: 'th', role, author_id: author, mailbox_id: box, name: id });
    await participant('reader', 'correspondent', null, 'm-rano');
    await participant('new', 'author', 'own-c', 'm-new');
    await participant('known', 'author', 'own-b', 'm-known');
    await insert('messages', {
      id: 'msg',
      thread_id: 'th',
      participant_id: 'reader',
      body: 'Which archive?',
      idempotency_key: 'k',
      created_at: day(5),
    });
    const mail = (id: string, kind: string, box: string, state: string, rest: object) =>
      insert('outbox', {
        id,
        conference_id: 'c',
        mailbox_id: box,
        kind,
        from_name: '',
        subject: kind,
        text: 'x',
        html: 'x',
        headers: '{}',
        internet_message_id: id,
        state,
        next_attempt_at: day(5),
        created_at: day(5),
        ...rest,
      });
    await mail('o1', 'relayed-message', 'm-new', 'held', { message_id: 'msg', dedupe_key: 'message:msg:new' });
    await mail('o2', 'relayed-message', 'm-known', 'sent', { message_id: 'msg', dedupe_key: 'message:msg:known' });
    await mail('o3', 'decision', 'm-new', 'held', {
      dedupe_key: 'decision:019b0000-0000-7000-8000-000000000002:m-new',
    });

    expect(await migrate(db)).toContain('0007-authors');
    const authors = await db
      .selectFrom('authors')
      .select(['id', 'account_id', 'mailbox_id', 'contactable', 'state'])
      .orderBy('id')
      .execute();
    expect(authors.map((row) => Object.values(row))).toEqual([
      ['imp-a', null, 'm-import', 1, 'confirmed'],
      ['own-a', 'aigul', null, 1, 'confirmed'],
      ['own-b', 'olga', 'm-known', 0, 'confirmed'],
      ['own-c', null, 'm-new', 1, 'listed'],
      ['own-d', null, null, 1, 'listed'],
      ['own-gone', null, 'm-new', 1, 'listed'],
      ['typed-a', null, 'm-new', 1, 'listed'],
    ]);
    const spelt = await db
      .selectFrom('version_authors')
      .select(['version_id', 'author_id', 'name', 'affiliation', 'presenter'])
      .where('version_id', '=', 'own2' as Id<'version'>)
      .orderBy('position')
      .execute();
    expect(spelt.map((row) => row.author_id)).toEqual(['own-a', 'own-b', 'own-c', 'own-d']);
    expect(spelt[0]).toMatchObject({ name: 'aigul author', affiliation: 'Lab', presenter: 1 });
    // Olga typed in what is somebody else's: she is no author of it.
    const who = await db
      .selectFrom('submissions')
      .select(['id', 'submitter_id', 'entered_by_id'])
      .orderBy('id')
      .execute();
    expect(who.map((row) => Object.values(row))).toEqual([
      ['imported', null, null],
      ['own', 'aigul', 'aigul'],
      ['typed', null, 'olga'],
    ]);
    const decisions = await db
      .selectFrom('decisions')
      .select(['submission_id', 'outcome', 'state'])
      .orderBy('id')
      .execute();
    expect(decisions.map((row) => Object.values(row))).toEqual([
      ['own', 'rejected', 'superseded'],
      ['own', 'accepted', 'applied'],
      ['typed', 'accepted', 'superseded'],
    ]);
    const outbox = await db
      .selectFrom('outbox')
      .select(['id', 'state', 'submission_id', 'decision_id'])
      .orderBy('id')
      .execute();
    expect(outbox.map((row) => Object.values(row))).toEqual([
      ['o2', 'sent', 'own', null],
      ['o3', 'held', 'own', '019b0000-0000-7000-8000-000000000002'],
    ]);

    // What waited goes to the author with their yes: the words were kept in the thread.
    const ctx = {
      db,
      clock: new TestClock(day(10)),
      config: testConfig({ DATABASE_URL: 'file:x' }),
      log: openLog('silent'),
      mailQueued() {},
    } as unknown as TestContext;
    await askUnasked(ctx);
    const address = 'm-new@people.example';
    expect(await fates(ctx, address)).toEqual(['author-asked queued', 'author-asked queued', 'decision held']);
    const own = (
      await db
        .selectFrom('outbox')
        .select('text')
        .where('submission_id', '=', 'own' as Id<'submission'>)
        .where('kind', '=', 'author-asked')
        .executeTakeFirstOrThrow()
    ).text;
    const token = /\/authorship\/(\S+)/.exec(own)![1]!;
    expect(await askedToken(ctx, address)).toBeTruthy();
    expect(await sayYes(ctx, token, null, null)).toMatchObject({ ok: true });
    expect((await fates(ctx, address)).slice(-2).sort()).toEqual(['decision queued', 'relayed-message queued']);
    const relayed = await db
      .selectFrom('outbox')
      .select('text')
      .where('kind', '=', 'relayed-message')
      .where('state', '=', 'queued')
      .executeTakeFirstOrThrow();
    expect(relayed.text).toContain('Which archive?');
  },
);
