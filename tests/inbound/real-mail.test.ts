import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { bounceAddress } from '~/domain/mail/own-address.server';
import { dump } from '../support/dump';
import { arrive, openRelay, replyTo, sentLetters } from '../support/relay';

const DIRECTORY = resolve(import.meta.dirname, '../../../shared/mail');
const files = existsSync(DIRECTORY)
  ? readdirSync(DIRECTORY, { recursive: true })
      .map(String)
      .filter((name) => /\.eml$/.test(name))
      .sort()
  : [];

/** An address that no mail of the collection has, put where mails have theirs. */
const PLANTED = 'planted.address@secret.example';
const ADDRESS = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

describe.skipIf(files.length === 0)('real mail (skipped where ../shared/mail is not there)', () => {
  /** All files, each as a stranger's reply, as one of the participant's own, and as a report. Counts the answers. */
  async function pass({ ctx, author }: Awaited<ReturnType<typeof openRelay>>, bounce: string) {
    const reply = await replyTo(ctx, author.address);
    const seen: Record<string, number> = {};
    for (const name of files) {
      const raw = readFileSync(join(DIRECTORY, name), 'latin1').replace(ADDRESS, PLANTED);
      const from = (address: string) =>
        Buffer.from(
          `X-Planted: ${PLANTED}\r\nFrom: ${address}\r\n${raw.replace(/^(from|message-id):/gim, 'X-Old-$1:')}`,
          'latin1',
        );
      // What is held for one person and what one person writes has limits of a day.
      await ctx.db.deleteFrom('attempts').execute();
      for (const [as, to, bytes, returnPath] of [
        ['stranger', reply, from(PLANTED), PLANTED],
        ['own', reply, from(author.address), author.address],
        ['report', bounce, from(PLANTED), ''],
      ] as const) {
        const [answer] = await arrive(ctx, { to, raw: bytes, returnPath });
        expect([250, 550, 552, 554], `${name} ${as}`).toContain(answer!.code);
        expect(answer!.text).not.toContain('@');
        const key = `${as} ${answer!.code === 250 ? 'taken' : 'refused'}`;
        seen[key] = (seen[key] ?? 0) + 1;
      }
    }
    return seen;
  }

  test('each file, as a reply and as a report, is taken or refused, and tells no address', async () => {
    const relay = await openRelay();
    const { ctx } = relay;
    const [letter] = await sentLetters(ctx);
    const seen = await pass(relay, bounceAddress(ctx.config, letter!.id));
    expect(seen['report taken']).toBe(files.length);
    expect(seen['stranger taken']).toBeGreaterThan(files.length / 2);
    // Many of those that the participant has sent are read by the other side.
    const { length } = await ctx.db.selectFrom('messages').select('id').execute();
    expect(length).toBeGreaterThan(files.length / 10);
    // What is held is the participant's own page alone; everything else that is stored or logged tells nothing.
    const { replies: held, ...rest } = await dump(ctx.db);
    expect(held!.length).toBeGreaterThan(files.length / 2);
    const all = (JSON.stringify(rest) + ctx.logged.join()).replaceAll(/\s/g, '').toLowerCase();
    for (const part of ['secret.example', 'planted.address']) expect(all).not.toContain(part);
    expect(ctx.logged.filter((line) => /"level":50/.test(line))).toEqual([]);
  }, 120_000);

  test('leaves the process as it was: memory is flat', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const relay = await openRelay();
    const [letter] = await sentLetters(relay.ctx);
    const used: number[] = [];
    for (let round = 0; round < 3; round++) {
      await pass(relay, bounceAddress(relay.ctx.config, letter!.id));
      relay.ctx.logged.length = 0;
      collect();
      const { heapUsed, external } = process.memoryUsage();
      used.push((heapUsed + external) / 1e6);
    }
    // The first round loads what the others have. Each reads some megabytes of mail.
    expect(used[2]! - used[0]!).toBeLessThan(8);
  }, 240_000);
});
