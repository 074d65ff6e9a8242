import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { LEASE } from '~/domain/mail/claims.server';
import { testContext } from '../../support/context';
import { engines } from '../../support/database';
import { outboxRows, outboxStates, queueMails, runWorker, until } from '../../support/mail';
import { openSmtpSink } from '../../support/smtp-sink';

const RUN = fileURLToPath(new URL('../../support/run.mjs', import.meta.url));

test.each(engines)(
  'relay 86, 87: killed amid 500 mails on %s, none is lost and none goes three times',
  async (engine) => {
    const sink = await openSmtpSink();
    sink.delay = 5;
    const ctx = await testContext({ engine });
    // The process to be killed has a clock of its own: the real one.
    ctx.clock.set(new Date().toISOString());
    await queueMails(
      ctx,
      Array.from({ length: 500 }, (_, number) => `reader${number}@there.example`),
    );

    const child = spawn(process.execPath, [RUN, 'tests/support/mail-process.ts', ctx.databaseUrl, sink.url], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    await until(() => sink.mails.length >= 150);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const inDoubt = (await outboxStates(ctx)).sending ?? 0;
    expect(inDoubt).toBeGreaterThan(0);

    ctx.clock.advance(2 * LEASE);
    runWorker(ctx, sink);
    await until(async () => (await outboxStates(ctx)).sent === 500);

    const copies = new Map<string, number>();
    for (const mail of sink.mails) copies.set(mail.messageId, (copies.get(mail.messageId) ?? 0) + 1);
    expect(copies.size).toBe(500);
    expect(Math.max(...copies.values())).toBeLessThanOrEqual(2);
    expect(sink.mails.length - 500).toBeLessThanOrEqual(inDoubt);
    expect((await outboxRows(ctx)).filter((row) => row.lost_tries > 0)).toHaveLength(inDoubt);
  },
  60_000,
);
