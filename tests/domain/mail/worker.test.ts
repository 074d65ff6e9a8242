import { sql } from 'kysely';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { instant } from '#db/ids';
import { DAY, HOUR, MINUTE } from '~/domain/clock';
import { LEASE } from '~/domain/mail/claims.server';
import { testContext } from '../../support/context';
import { engines } from '../../support/database';
import { outboxRow, outboxRows, outboxStates, queueMails, runWorker, until } from '../../support/mail';
import { openSmtpSink } from '../../support/smtp-sink';

describe.each(engines)('the mail worker on %s', (engine) => {
  async function stage() {
    const sink = await openSmtpSink();
    return { sink, ctx: await testContext({ engine }) };
  }

  test('sends what is queued, as it was composed', async () => {
    const { sink, ctx } = await stage();
    runWorker(ctx, sink);
    await queueMails(ctx, ['reader@there.example'], { subject: 'Größe — «да»', fromName: 'Ünal, "Conference"' });
    await until(async () => (await outboxStates(ctx)).sent === 1);
    const [mail] = sink.mails;
    const row = await outboxRow(ctx);
    expect(mail).toMatchObject({
      from: 'portal@mail.portal.example',
      to: ['reader@there.example'],
      messageId: row.internet_message_id,
    });
    const parsed = await PostalMime.parse(mail!.raw);
    expect(parsed).toMatchObject({
      subject: 'Größe — «да»',
      from: { name: 'Ünal, "Conference"', address: 'portal@mail.portal.example' },
    });
    expect(parsed.text?.trim()).toBe('text 0');
    expect(parsed.html).toContain('<p>html 0</p>');
    expect(parsed.date).toBe(ctx.clock.now().toISOString());
    expect(parsed.headers.find((header) => header.key === 'auto-submitted')?.value).toBe('auto-generated');
    expect(row).toMatchObject({
      state: 'sent',
      attempts: 1,
      lost_tries: 0,
      error_code: null,
      leased_until: null,
      sent_at: instant(ctx.clock.now()),
      text: 'text 0\n',
    });
  });

  test('does not call a mail that a person wrote automatic', async () => {
    const { sink, ctx } = await stage();
    runWorker(ctx, sink);
    await queueMails(ctx, ['reader@there.example'], { kind: 'relayed-message' });
    await until(() => sink.mails.length === 1);
    expect(sink.mails[0]!.raw).not.toMatch(/^Auto-Submitted:/im);
  });

  test('begins with the oldest', async () => {
    const { sink, ctx } = await stage();
    const addresses = Array.from({ length: 30 }, (_, number) => `reader${number}@there.example`);
    for (const address of addresses) {
      await queueMails(ctx, [address], { subject: address });
      ctx.clock.advance(address.endsWith('5@there.example') ? 1000 : 0);
    }
    // One connection shows the order on the wire.
    runWorker(ctx, { ...sink, url: `${sink.url}?maxConnections=1` });
    await until(() => sink.mails.length === 30);
    expect(sink.mails.map((mail) => mail.to[0])).toEqual(addresses);
  });

  test('two letters with one key are one mail', async () => {
    const { sink, ctx } = await stage();
    await queueMails(ctx, ['reader@there.example'], { dedupeKey: 'one' });
    await queueMails(ctx, ['reader@there.example'], { dedupeKey: 'one' });
    await queueMails(ctx, ['reader@there.example'], { dedupeKey: 'two' });
    const worker = runWorker(ctx, sink);
    await until(async () => (await outboxStates(ctx)).sent === 2);
    await worker.stop();
    expect(sink.mails).toHaveLength(2);
  });

  test('relay 89: a 451 is tried again later, a 550 never', async () => {
    const { sink, ctx } = await stage();
    let busy = true;
    sink.rule = (stage, to) =>
      to.startsWith('nobody') && stage === 'rcpt' ? 550 : stage === 'dot' && busy ? 451 : undefined;
    const worker = runWorker(ctx, sink);
    await queueMails(ctx, ['busy@there.example', 'nobody@there.example']);
    await until(async () => (await outboxStates(ctx)).failed === 1 && (await outboxRow(ctx)).attempts === 1);
    await until(async () => (await outboxStates(ctx)).queued === 1);
    const [deferred, failed] = await outboxRows(ctx);
    expect(deferred).toMatchObject({ state: 'queued', error_code: 'reply-451', attempts: 1 });
    expect(Date.parse(deferred!.next_attempt_at) - ctx.clock.now().getTime()).toBeGreaterThan(20_000);
    expect(failed).toMatchObject({ state: 'failed', error_code: 'reply-550', attempts: 1 });
    expect(sink.mails).toHaveLength(0);

    busy = false;
    ctx.clock.advance(MINUTE);
    worker.wake();
    await until(async () => (await outboxStates(ctx)).sent === 1);
    await worker.stop();
    expect(sink.mails.map((mail) => mail.to[0])).toEqual(['busy@there.example']);
    // The server quoted the address in its refusals.
    expect(JSON.stringify(await outboxRows(ctx)) + ctx.logged.join('')).not.toContain('there.example');
  });

  test('gives up on a 451 after four days', async () => {
    const { sink, ctx } = await stage();
    sink.rule = () => 451;
    const worker = runWorker(ctx, sink);
    await queueMails(ctx, ['busy@there.example']);
    await until(async () => (await outboxStates(ctx)).queued === 1 && (await outboxRow(ctx)).attempts === 1);
    await ctx.db.updateTable('outbox').set({ attempts: 200 }).execute();
    ctx.clock.advance(4 * DAY);
    worker.wake();
    await until(async () => (await outboxStates(ctx)).failed === 1);
    expect(await outboxRow(ctx)).toMatchObject({ error_code: 'reply-451', state: 'failed' });
  });

  test('relay 88: dropped after the dot it goes once more under the same Message-ID, then stays unknown', async () => {
    const { sink, ctx } = await stage();
    sink.rule = (stage) => (stage === 'dot' ? 'drop' : undefined);
    const worker = runWorker(ctx, sink);
    await queueMails(ctx, ['reader@there.example']);
    await until(async () => (await outboxRow(ctx)).lost_tries === 1);
    expect(await outboxRow(ctx)).toMatchObject({ state: 'queued', error_code: 'lost' });
    for (let hours = 0; hours < 3; hours++) {
      ctx.clock.advance(HOUR);
      worker.wake();
      await until(async () => (await outboxRow(ctx)).state === 'unknown');
    }
    await worker.stop();
    expect(await outboxRow(ctx)).toMatchObject({ state: 'unknown', error_code: 'lost', attempts: 2, lost_tries: 2 });
    expect(sink.mails).toHaveLength(2);
    expect(new Set(sink.mails.map((mail) => mail.messageId)).size).toBe(1);
  });

  test('dropped before the message it is not in doubt', async () => {
    const { sink, ctx } = await stage();
    let drops = 0;
    sink.rule = (stage) => (stage === 'rcpt' && drops++ < 1 ? 'drop' : undefined);
    const worker = runWorker(ctx, sink);
    await queueMails(ctx, ['reader@there.example']);
    await until(async () => (await outboxRow(ctx)).error_code === 'connection');
    expect(await outboxRow(ctx)).toMatchObject({ state: 'queued', lost_tries: 0 });
    ctx.clock.advance(MINUTE);
    worker.wake();
    await until(async () => (await outboxStates(ctx)).sent === 1);
    expect(sink.mails).toHaveLength(1);
  });

  test('relay 93: while the server is away mail waits, and when it is back all of it goes at once', async () => {
    const { sink, ctx } = await stage();
    await sink.close();
    const worker = runWorker(ctx, sink);
    await queueMails(
      ctx,
      Array.from({ length: 120 }, (_, number) => `reader${number}@there.example`),
    );
    await until(async () => (await outboxRows(ctx)).some((row) => row.error_code === 'connection'));
    const back = await openSmtpSink({ port: sink.port });
    // Only some are due again; the first that gets through brings the others along.
    ctx.clock.advance(26_000);
    worker.wake();
    await until(async () => (await outboxStates(ctx)).sent === 120);
    expect(new Set(back.mails.map((mail) => mail.to[0])).size).toBe(120);
    expect(back.mails).toHaveLength(120);
  });

  test('relay 87: what a killed process had claimed goes once more, and not a third time', async () => {
    const { sink, ctx } = await stage();
    await queueMails(ctx, ['reader@there.example']);
    const claimed = { state: 'sending', attempts: 1, leased_until: instant(ctx.clock.now()) } as const;
    await ctx.db.updateTable('outbox').set(claimed).execute();
    ctx.clock.advance(LEASE);
    const worker = runWorker(ctx, sink);
    await until(async () => (await outboxStates(ctx)).sent === 1);
    expect(await outboxRow(ctx)).toMatchObject({ attempts: 2, lost_tries: 1 });
    expect(sink.mails).toHaveLength(1);

    await ctx.db
      .updateTable('outbox')
      .set({ ...claimed, lost_tries: 1 })
      .execute();
    ctx.clock.advance(LEASE);
    worker.wake();
    await until(async () => (await outboxStates(ctx)).unknown === 1);
    await worker.stop();
    expect(await outboxRow(ctx)).toMatchObject({ error_code: 'killed', lost_tries: 2 });
    expect(sink.mails).toHaveLength(1);
  });

  test('leaves alone what another process has claimed and may still be sending', async () => {
    const { sink, ctx } = await stage();
    await queueMails(ctx, ['reader@there.example']);
    await ctx.db
      .updateTable('outbox')
      .set({ state: 'sending', leased_until: instant(new Date(ctx.clock.now().getTime() + LEASE)) })
      .execute();
    const worker = runWorker(ctx, sink);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await worker.stop();
    expect(sink.mails).toHaveLength(0);
    expect(await outboxRow(ctx)).toMatchObject({ state: 'sending' });
  });

  test('relay 95: mail to somebody who has left is cancelled', async () => {
    const { sink, ctx } = await stage();
    await queueMails(ctx, ['left@there.example', 'stays@there.example']);
    if (engine === 'sqlite') await sql`pragma foreign_keys = off`.execute(ctx.db);
    else await sql`alter table outbox drop constraint outbox_mailbox_id_fkey`.execute(ctx.db);
    await ctx.db.deleteFrom('mailboxes').where('address', '=', 'left@there.example').execute();
    runWorker(ctx, sink);
    await until(async () => (await outboxStates(ctx)).sent === 1);
    expect((await outboxRows(ctx)).map((row) => [row.state, row.error_code])).toEqual([
      ['cancelled', 'no-mailbox'],
      ['sent', null],
    ]);
    expect(sink.mails.map((mail) => mail.to[0])).toEqual(['stays@there.example']);
  });

  test('what is held does not go', async () => {
    const { sink, ctx } = await stage();
    await queueMails(ctx, ['held@there.example'], { hold: true });
    await queueMails(ctx, ['other@there.example']);
    const worker = runWorker(ctx, sink);
    await until(async () => (await outboxStates(ctx)).sent === 1);
    await worker.stop();
    expect(await outboxStates(ctx)).toEqual({ held: 1, sent: 1 });
  });

  test.each(['sign-in-link', 'confirm-message'])('forgets the words of a %s once it has gone', async (kind) => {
    const { sink, ctx } = await stage();
    sink.rule = (stage, to) => (stage === 'rcpt' && to.startsWith('nobody') ? 550 : undefined);
    await queueMails(ctx, ['reader@there.example', 'nobody@there.example'], { kind });
    runWorker(ctx, sink);
    await until(
      async () => (await outboxStates(ctx)).queued === undefined && (await outboxStates(ctx)).sending === undefined,
    );
    expect((await outboxRows(ctx)).map(({ state, text, html }) => ({ state, text, html }))).toEqual([
      { state: 'sent', text: '', html: '' },
      { state: 'failed', text: '', html: '' },
    ]);
    expect(sink.mails[0]!.raw).toContain('text 0');
  });

  test('relay 92: a clock that jumps changes neither the order nor whether a mail goes at once', async () => {
    const { sink, ctx } = await stage();
    const names = ['first', 'second', 'third', 'fourth'].map((name) => `${name}@there.example`);
    for (const [number, jump] of [0, -DAY, 3 * DAY, -2 * DAY].entries()) {
      ctx.clock.advance(jump);
      await queueMails(ctx, [names[number]!]);
    }
    runWorker(ctx, sink, { connections: 1 });
    await until(async () => (await outboxStates(ctx)).sent === 4);
    expect(sink.mails.map((mail) => mail.to[0])).toEqual(names);
  });

  test('stop() finishes what is on the wire and gives the rest back', async () => {
    const { sink, ctx } = await stage();
    sink.delay = 150;
    await queueMails(
      ctx,
      Array.from({ length: 150 }, (_, number) => `reader${number}@there.example`),
    );
    const worker = runWorker(ctx, sink);
    await until(() => sink.mails.length >= 5);
    await worker.stop();
    const states = await outboxStates(ctx);
    expect(states.sending).toBeUndefined();
    expect(states.sent).toBe(sink.mails.length);
    expect(states.queued).toBe(150 - sink.mails.length);
    expect(states.queued).toBeGreaterThan(0);
    const untried = (await outboxRows(ctx)).filter((row) => row.state === 'queued');
    expect(untried.every((row) => row.attempts === 0 && row.leased_until === null)).toBe(true);
  });

  test('an error of the database is logged and the worker lives on', async () => {
    const { sink, ctx } = await stage();
    await sql`alter table outbox rename to elsewhere`.execute(ctx.db);
    const worker = runWorker(ctx, sink);
    await until(() => ctx.logged.some((line) => line.includes('could not read the outbox')));
    await sql`alter table elsewhere rename to outbox`.execute(ctx.db);
    await queueMails(ctx, ['reader@there.example']);
    worker.wake();
    await until(async () => (await outboxStates(ctx)).sent === 1);
  });
});

test('relay 91: two workers on one PostgreSQL send none of 300 letters twice', async () => {
  const sink = await openSmtpSink();
  const ctx = await testContext({ engine: 'postgres' });
  await queueMails(
    ctx,
    Array.from({ length: 300 }, (_, number) => `reader${number}@there.example`),
  );
  runWorker(ctx, sink);
  runWorker(ctx, sink);
  runWorker(ctx, sink);
  await until(async () => (await outboxStates(ctx)).sent === 300);
  expect(sink.mails).toHaveLength(300);
  expect(new Set(sink.mails.map((mail) => mail.messageId)).size).toBe(300);
  expect((await outboxRows(ctx)).every((row) => row.attempts === 1)).toBe(true);
});
