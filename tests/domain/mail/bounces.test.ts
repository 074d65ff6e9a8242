import { describe, expect, test } from 'vitest';
import { choosePrimaryMailbox, verifyMailbox } from '~/domain/account/mailbox-owners.server';
import { mailboxFor, ownMailboxes } from '~/domain/account/mailboxes.server';
import { bounceAddress } from '~/domain/mail/own-address.server';
import { threadById } from '~/domain/message/queries.server';
import { engines } from '../../support/database';
import { dump } from '../../support/dump';
import { drain, runWorker } from '../../support/mail';
import { arrive, openRelay, sentLetters } from '../../support/relay';
import { openSmtpSink } from '../../support/smtp-sink';

const SECRET = 'the.real.address@secret.example';

function report(fields: string, type = 'delivery-status') {
  return {
    headers: {
      'MIME-Version': '1.0',
      'Content-Type': `multipart/report; report-type=${type}; boundary=b`,
      Subject: 'Report',
    },
    body: `--b\nContent-Type: text/plain\n\nFor ${SECRET}.\n--b\nContent-Type: message/${type}\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ${SECRET}\nDiagnostic-Code: smtp; 550 <${SECRET}> no such user\n${fields}\n--b--\n`,
  };
}
const FAILED = report('Action: failed\nStatus: 5.1.1');

describe.each(engines)('reports of failure on %s', (engine) => {
  async function sent() {
    const relay = await openRelay(engine);
    await relay.ctx.db.updateTable('outbox').set({ state: 'sent' }).execute();
    const [letter] = await sentLetters(relay.ctx);
    const to = bounceAddress(relay.ctx.config, letter!.id);
    const state = async () => (await sentLetters(relay.ctx)).find(({ id }) => id === letter!.id)!;
    return { ...relay, to, state };
  }

  test('mail that went to another address of its reader’s, and came back, fails there', async () => {
    const { ctx, author, relayed } = await toChosen();
    const [letter] = await sentLetters(ctx);
    await arrive(ctx, { to: bounceAddress(ctx.config, letter!.id), returnPath: '', ...FAILED });
    expect(relayed).toBe('chosen@people.example');
    const own = await ownMailboxes(ctx.db, author.accountId);
    expect(own.map((mailbox) => [mailbox.reveal(), mailbox.suppressedAt !== null])).toEqual([
      [author.address, false],
      ['chosen@people.example', true],
    ]);
  });

  /** A letter to an author who has chosen another address since it was queued, as it was sent. */
  async function toChosen() {
    const relay = await openRelay(engine);
    const chosen = await mailboxFor(relay.ctx.db, relay.ctx.clock, 'chosen@people.example');
    await verifyMailbox(relay.ctx.db, relay.ctx.clock, chosen, relay.author.accountId);
    await choosePrimaryMailbox(relay.ctx.db, relay.author.accountId, chosen);
    const sink = await openSmtpSink();
    await drain(relay.ctx, sink);
    return { ...relay, relayed: sink.mails[0]!.to[0] };
  }

  test('relay 32: a report at a live bounce address fails the letter, and its writer is told in fixed words', async () => {
    const { ctx, world, reader, to, state } = await sent();
    expect(await arrive(ctx, { to, returnPath: '', ...FAILED })).toMatchObject([{ code: 250 }]);
    expect(await state()).toMatchObject({ state: 'failed', error_code: 'bounced 5.1.1' });
    const { id } = await ctx.db.selectFrom('threads').select('id').executeTakeFirstOrThrow();
    const thread = await threadById(ctx.db, world.id, id, await reader.viewer());
    expect(thread!.messages[0]!.deliveries).toEqual([{ name: 'Aigul Author', state: 'failed' }]);
  });

  test('relay 33: an address in a report is in no row and no line of the log', async () => {
    const { ctx, to } = await sent();
    await arrive(ctx, { to, returnPath: '', ...FAILED });
    expect(JSON.stringify(await dump(ctx.db)) + ctx.logged.join()).not.toContain('secret.example');
  });

  test('relay 34: at a forged bounce address it changes nothing', async () => {
    const { ctx, to, state } = await sent();
    const forged = to.replace(/.{3}@/, 'abc@');
    expect(await arrive(ctx, { to: forged, returnPath: '', ...FAILED })).toMatchObject([{ code: 550 }]);
    expect(await state()).toMatchObject({ state: 'sent' });
  });

  test('relay 36: prose is recognised', async () => {
    const { ctx, to, state } = await sent();
    const body =
      'Hi. This is the qmail-send program.\nI’m afraid your message could not be delivered.\n<x@y.example>: No such user.';
    await arrive(ctx, {
      to,
      from: 'MAILER-DAEMON@mx.example',
      returnPath: '',
      headers: { Subject: 'failure notice' },
      body,
    });
    expect(await state()).toMatchObject({ state: 'failed', error_code: 'bounced' });
  });

  test('relay 37: delayed is no failure', async () => {
    const { ctx, to, state } = await sent();
    await arrive(ctx, { to, returnPath: '', ...report('Action: delayed\nStatus: 4.4.1') });
    expect(await state()).toMatchObject({ state: 'sent' });
  });

  test('relay 38: for a letter that there is none of any more it is taken', async () => {
    const { ctx, to } = await sent();
    await ctx.db.deleteFrom('outbox').execute();
    expect(await arrive(ctx, { to, returnPath: '', ...FAILED })).toMatchObject([{ code: 250 }]);
  });

  test('relay 39: a second one changes nothing', async () => {
    const { ctx, to, state } = await sent();
    await arrive(ctx, { to, returnPath: '', ...FAILED });
    const before = await dump(ctx.db, ['tallies']);
    await arrive(ctx, { to, returnPath: '', ...report('Action: failed\nStatus: 5.7.1') });
    expect(await state()).toMatchObject({ error_code: 'bounced 5.1.1' });
    expect(await dump(ctx.db, ['tallies'])).toEqual(before);
  });

  test('relay 40: what bounces of our own notices is answered with silence', async () => {
    const { ctx, to } = await sent();
    const before = (await sentLetters(ctx)).length;
    await arrive(ctx, { to, returnPath: '', ...FAILED });
    expect(await sentLetters(ctx)).toHaveLength(before);
  });

  test('relay 41: a complaint ends mail to that mailbox, and is stored without a word of it', async () => {
    const { ctx, author, begin, to } = await sent();
    await arrive(ctx, { to, returnPath: 'fbl@isp.example', ...report('Feedback-Type: abuse', 'feedback-report') });
    const box = await ctx.db
      .selectFrom('mailboxes')
      .selectAll()
      .where('address', '=', author.address)
      .executeTakeFirstOrThrow();
    expect(box.suppressed_for).toBe('complaint');
    expect(JSON.stringify(await dump(ctx.db))).not.toContain('secret.example');
    // The next letter goes nowhere.
    await begin();
    runWorker(ctx, await openSmtpSink());
    await expect.poll(async () => (await sentLetters(ctx))[0]!.state).toBe('cancelled');
    expect((await sentLetters(ctx))[0]!.error_code).toBe('suppressed');
  });

  test('a full mailbox fails the letter, and the next one is tried', async () => {
    const { ctx, author, to, state } = await sent();
    await arrive(ctx, { to, returnPath: '', ...report('Action: failed\nStatus: 5.2.2') });
    expect(await state()).toMatchObject({ state: 'failed' });
    const box = await ctx.db
      .selectFrom('mailboxes')
      .selectAll()
      .where('address', '=', author.address)
      .executeTakeFirstOrThrow();
    expect(box.suppressed_at).toBeNull();
  });
});
