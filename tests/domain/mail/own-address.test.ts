import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId } from '#db/ids';
import { bounceAddress, newReplyToken, readOwnAddress, replyAddress } from '~/domain/mail/own-address.server';
import { testConfig } from '../../support/config';

const OLD = 'an older secret of the tests that is still good';
const config = testConfig();

test('a reply address is its token, whatever case it comes back in', () => {
  for (let count = 0; count < 200; count++) {
    const token = newReplyToken();
    const address = replyAddress(config, token);
    expect(address.split('@')[0]!.length).toBeLessThanOrEqual(64);
    expect(readOwnAddress(config, address.toUpperCase())).toEqual({ kind: 'reply', token });
  }
});

test('a bounce address is its letter’s; relay 94: also after the key has been rotated', () => {
  for (let count = 0; count < 200; count++) {
    const id = newId<'outbox'>();
    const address = bounceAddress(testConfig({ SECRET_KEY: OLD }), id);
    expect(address.split('@')[0]!.length).toBeLessThanOrEqual(64);
    const rotated = testConfig({ SECRET_KEY: `a newer secret of the tests that nobody knows,${OLD}` });
    expect(readOwnAddress(rotated, address)).toEqual({ kind: 'bounce', outboxId: id });
    expect(readOwnAddress(config, address)).toBeNull();
  }
});

test('nothing else is one of ours', () => {
  const address = bounceAddress(config, newId());
  expect(readOwnAddress(config, `${address}.evil.example`)).toBeNull();
  expect(
    readOwnAddress(
      config,
      address.replace(/.(?=@)/, (last) => (last === '0' ? '1' : '0')),
    ),
  ).toBeNull();
  fc.assert(fc.property(fc.string(), (text) => readOwnAddress(config, text) === null));
  fc.assert(fc.property(fc.string(), (text) => readOwnAddress(config, `b-${text}@${config.replyDomain}`) === null));
});
