import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
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

describe.skipIf(files.length === 0)('real mail (skipped where ../shared/mail is not there)', () => {
  test('each file, as a reply and as a report, is taken or refused, and tells no address', async () => {
    const { ctx, author } = await openRelay();
    const reply = await replyTo(ctx, author.address);
    const [letter] = await sentLetters(ctx);
    const bounce = bounceAddress(ctx.config, letter!.id);
    const seen = new Map<number, number>();
    for (const name of files) {
      const raw = readFileSync(join(DIRECTORY, name), 'latin1');
      const planted = Buffer.from(
        `X-Planted: ${PLANTED}\r\nFrom: ${PLANTED}\r\n${raw.replace(/^(from|message-id):/gim, 'X-Old-$1:')}`,
        'latin1',
      );
      for (const [to, bytes] of [
        [reply, Buffer.from(raw, 'latin1')],
        [reply, planted],
        [bounce, planted],
      ] as const) {
        const [answer] = await arrive(ctx, { to, raw: bytes, returnPath: to === bounce ? '' : PLANTED });
        expect([250, 450, 550, 552, 554], name).toContain(answer!.code);
        expect(answer!.text).not.toContain('@');
        seen.set(answer!.code, (seen.get(answer!.code) ?? 0) + 1);
      }
    }
    // As reports all are taken; as replies most are, until the limit of what is held for one person is met.
    expect(seen.get(250)).toBeGreaterThanOrEqual(files.length);
    expect(await ctx.db.selectFrom('messages').select('id').execute()).toHaveLength(1);
    // What is held is the participant's own page alone; everything else that is stored or logged tells nothing.
    const { replies: _held, ...rest } = await dump(ctx.db);
    expect(JSON.stringify(rest) + ctx.logged.join()).not.toContain('secret.example');
    expect(ctx.logged.filter((line) => /"level":50/.test(line))).toEqual([]);
  }, 60_000);
});
