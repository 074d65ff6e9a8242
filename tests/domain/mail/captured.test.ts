import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lastLook } from '~/domain/last-look.server';
import { capturedMail, capturedMails } from '~/domain/mail/captured.server';
import { openTransport } from '~/domain/mail/transport.server';
import { startMailWorker } from '~/domain/mail/worker.server';
import { testContext } from '../../support/context';
import { outboxRows, outboxStates, queueMails, until } from '../../support/mail';

test('without a server mail is kept and can be read, newest first', async () => {
  const ctx = await testContext();
  const dir = await temporaryDirectory();
  expect(await capturedMails(join(dir, 'mail'), 10)).toEqual([]);
  const transport = openTransport(ctx.config, { db: ctx.db, clock: ctx.clock, captureDir: join(dir, 'mail') });
  await transport.verify();
  const worker = startMailWorker(ctx, transport, lastLook);
  await queueMails(ctx, ['one@there.example', 'two@there.example', 'three@there.example'], { fromName: 'Ünal' });
  worker.wake();
  await until(async () => (await outboxStates(ctx)).sent === 3);
  await worker.stop();

  const ids = (await outboxRows(ctx)).map((row) => row.id).reverse();
  const mails = await capturedMails(join(dir, 'mail'), 2);
  expect(mails.map((mail) => mail.id)).toEqual(ids.slice(0, 2));
  expect(mails[0]).toMatchObject({
    to: 'three@there.example',
    from: 'Ünal <portal@mail.portal.example>',
    subject: 'mail 2',
    date: ctx.clock.now().toISOString(),
  });
  expect(mails[0]!.text.trim()).toBe('text 2');
  expect(mails[0]!.html).toContain('html 2');
  expect(await capturedMail(join(dir, 'mail'), ids[0]!)).toEqual(mails[0]);
});

test.each([
  '../secret',
  'secret',
  '',
  '.',
  '0190a0a0-0000-7000-8000-000000000000',
  '../../../../etc/passwd',
  'a/../b',
  '\0',
])('%j is no captured mail', async (id) => {
  const dir = await temporaryDirectory();
  await writeFile(join(dir, 'secret.eml'), 'Subject: secret\r\n\r\n');
  expect(await capturedMail(dir, id)).toBeNull();
});

async function temporaryDirectory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'colloquy-mail-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}
