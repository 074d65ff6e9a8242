import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LogConfig } from 'kysely';
import { createTransport } from 'nodemailer';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '#db/open';
import { bounceAddress } from '~/domain/mail/own-address.server';
import type { TestContext } from '../support/context';
import { engines } from '../support/database';
import { arrive, conversation, openRelay, outcomes, replyTo, sentLetters } from '../support/relay';

const RUN = fileURLToPath(new URL('../support/run.mjs', import.meta.url));
const FRONT = 'mx.front.example';

describe.each(engines)('an answer by mail on %s', (engine) => {
  test('that meets an error at any step is answered 451, is there wholly or not at all, and once when it comes again', async () => {
    const { ctx, author } = await openRelay(engine);
    const to = await replyTo(ctx, author.address);
    let failed = 0;
    for (let step = 1; ; step++) {
      const mail = { from: author.address, to, headers: { 'Message-ID': `<${step}@x>` }, body: `Answer ${step}` };
      await ctx.db.deleteFrom('attempts').execute();
      const db = openDatabase(ctx.databaseUrl, { log: failing(step) });
      const [answer] = await arrive({ ...ctx, db }, mail);
      await db.destroy();
      expect(await relayed(ctx)).toEqual(await letters(ctx));
      if (answer!.code === 250) break;
      expect(answer!.code).toBe(451);
      failed++;
      expect((await arrive(ctx, mail))[0]!.code).toBe(250);
      expect((await relayed(ctx)).filter((body) => body === `Answer ${step}`)).toHaveLength(1);
      expect(await letters(ctx)).toEqual(await relayed(ctx));
    }
    // As many as there are: finding the thread, the count of limits, reply, message, letter and COMMIT.
    expect(failed).toBeGreaterThan(15);
  }, 60_000);

  test('a report that meets an error at any step fails its letter and ends mail there, or does neither', async () => {
    const { ctx } = await openRelay(engine);
    await ctx.db.updateTable('outbox').set({ state: 'sent' }).execute();
    const [letter] = await sentLetters(ctx);
    const to = bounceAddress(ctx.config, letter!.id);
    const raw = 'Subject: Undelivered Mail Returned to Sender\r\n\r\n550 5.1.1 User unknown\r\n';
    const state = async () => {
      const row = await ctx.db
        .selectFrom('outbox')
        .innerJoin('mailboxes', 'mailboxes.id', 'outbox.mailbox_id')
        .select(['state', 'suppressed_at'])
        .where('outbox.id', '=', letter!.id)
        .executeTakeFirstOrThrow();
      return [row.state, row.suppressed_at !== null];
    };
    const codes: number[] = [];
    for (let step = 1; codes.at(-1) !== 250; step++) {
      const db = openDatabase(ctx.databaseUrl, { log: failing(step) });
      const [answer] = await arrive({ ...ctx, db }, { to, raw, returnPath: '' });
      await db.destroy();
      codes.push(answer!.code);
      expect([
        ['sent', false],
        ['failed', true],
      ]).toContainEqual(await state());
    }
    expect(codes.length).toBeGreaterThan(3);
    expect(await state()).toEqual(['failed', true]);
  });

  test('is there once, however often the listener is killed while mail comes in', async () => {
    const { ctx, author } = await openRelay(engine, { INBOUND_AUTHSERV_ID: FRONT });
    const to = await replyTo(ctx, author.address);
    let listener = listen(ctx);
    const waiting = Array.from({ length: 24 }, (_, number) => number);
    let taken = 0;
    let killed = 0;
    // A mail server: what is not taken comes again.
    async function deliver() {
      for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
        const { port } = await listener;
        const isTaken = await send(port, author.address, to, number);
        if (!isTaken) waiting.push(number);
        else if (++taken % 6 === 0 && killed < 3) {
          killed++;
          const { child } = await listener;
          listener = listen(ctx);
          child.kill('SIGKILL');
          await once(child, 'exit');
        }
      }
    }
    await Promise.all(Array.from({ length: 5 }, deliver));
    expect(killed).toBe(3);
    expect((await relayed(ctx)).sort()).toEqual(Array.from({ length: 24 }, (_, number) => `Answer ${number}`).sort());
    expect((await letters(ctx)).sort()).toEqual((await relayed(ctx)).sort());
    expect(await outcomes(ctx)).toEqual(Array.from({ length: 24 }, () => 'relayed'));
  }, 60_000);
});

/** Breaks off after so many statements, each of which has been executed. */
function failing(steps: number): LogConfig {
  let left = steps;
  return ({ query }) => {
    // After BEGIN nothing has been done yet; after COMMIT all has, and whoever asked for it is not told.
    if (!query.sql.startsWith('begin') && --left === 0) throw new Error('the process was killed here');
  };
}

/** What the author has answered, oldest first. */
async function relayed(ctx: TestContext): Promise<string[]> {
  return (await conversation(ctx)).filter(([name]) => name === 'Aigul Author').map(([, body]) => body);
}

/** The same, as the letters to the reader say it. */
async function letters(ctx: TestContext): Promise<string[]> {
  const bodies = (await sentLetters(ctx)).map(({ text }) => /^\| (Answer \d+)$/m.exec(text)?.[1]);
  return bodies.filter((body) => body !== undefined).reverse();
}

async function listen(ctx: TestContext): Promise<{ child: ChildProcess; port: number }> {
  const time = ctx.clock.now().toISOString();
  const child = spawn(process.execPath, [RUN, 'tests/support/inbound-process.ts', ctx.databaseUrl, FRONT, time], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = await once(child.stdout, 'data');
  return { child, port: Number(String(said)) };
}

/** Whether it was taken; a connection that breaks is a no. */
async function send(port: number, from: string, to: string, number: number): Promise<boolean> {
  const program = createTransport({ host: '127.0.0.1', port, lmtp: true, secure: false, ignoreTLS: true });
  try {
    const { accepted } = await program.sendMail({
      from,
      to,
      messageId: `<${number}@programs.example>`,
      text: `Answer ${number}`,
      headers: { 'Authentication-Results': `${FRONT}; dmarc=pass header.from=${from.split('@')[1]}` },
    });
    return accepted.length === 1;
  } catch {
    return false;
  } finally {
    program.close();
  }
}
