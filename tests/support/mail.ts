import { onTestFinished } from 'vitest';
import { newId } from '#db/ids';
import type { Id, Tables } from '#db/schema';
import { write } from '#db/write';
import { mailboxFor } from '~/domain/account/mailboxes.server';
import { lastLook } from '~/domain/last-look.server';
import { enqueue, type Letter } from '~/domain/mail/outbox.server';
import { openTransport } from '~/domain/mail/transport.server';
import { type MailWorker, startMailWorker } from '~/domain/mail/worker.server';
import { testConfig } from './config';
import type { TestContext } from './context';
import type { SmtpSink } from './smtp-sink';

/** Queues one plain mail to each address, in order. Subjects are `mail 0`, `mail 1` and so on unless one is given. */
export async function queueMails(
  ctx: TestContext,
  addresses: string[],
  options: Partial<Letter> & { kind?: string; subject?: string } = {},
): Promise<void> {
  const { kind = 'decision', subject, ...rest } = options;
  await write(ctx.db, async (trx) => {
    const letters: Letter[] = [];
    for (const [number, address] of addresses.entries()) {
      const mail = {
        kind,
        subject: subject ?? `mail ${number}`,
        text: `text ${number}\n`,
        html: `<p>html ${number}</p>\n`,
      };
      letters.push({
        to: await mailboxFor(trx, ctx.clock, address),
        mail,
        fromName: 'The Conference',
        dedupeKey: newId(),
        ...rest,
      });
    }
    for (let start = 0; start < letters.length; start += 100)
      await enqueue(trx, ctx, letters.slice(start, start + 100));
  });
}

/** A worker on that context and sink; stops at the end of the test. */
export function runWorker(ctx: TestContext, sink: SmtpSink, options: { connections?: number } = {}): MailWorker {
  const transport = openTransport(
    { ...ctx.config, smtp: testConfig({ SMTP_URL: sink.url }).smtp },
    { db: ctx.db, clock: ctx.clock, captureDir: '', ...options },
  );
  const worker = startMailWorker(ctx, transport, lastLook);
  ctx.mailQueued = () => worker.wake();
  let stopped: Promise<void> | null = null;
  const running: MailWorker = {
    wake: worker.wake,
    stop() {
      stopped ??= worker.stop().finally(() => transport.close());
      return stopped;
    },
  };
  onTestFinished(() => running.stop());
  return running;
}

/** Lets the worker send all that may go. */
export async function drain(ctx: TestContext, sink: SmtpSink): Promise<void> {
  const worker = runWorker(ctx, sink);
  await until(
    async () =>
      (await ctx.db.selectFrom('outbox').select('id').where('state', 'in', ['queued', 'sending']).execute()).length ===
      0,
  );
  await worker.stop();
}

export function outboxRows(ctx: TestContext) {
  return ctx.db.selectFrom('outbox').selectAll().orderBy('id').execute();
}

/** How many letters are in each state. */
export async function outboxStates(ctx: TestContext): Promise<Partial<Record<Tables['outbox']['state'], number>>> {
  const rows = await ctx.db
    .selectFrom('outbox')
    .select(['state', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.state, Number(row.count)]));
}

/** Waits for something to become true, as long as the test's own time lasts. */
export async function until(true_: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await true_())) await new Promise((resolve) => setTimeout(resolve, 10));
}

export async function outboxRow(ctx: TestContext, id?: Id<'outbox'>) {
  const query = ctx.db.selectFrom('outbox').selectAll();
  return (id ? query.where('id', '=', id) : query).executeTakeFirstOrThrow();
}
