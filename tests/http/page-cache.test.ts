import { expect, test } from 'vitest';
import { PageCache } from '~/http/page-cache.server';
import { testContext } from '../support/context';
import { makeConference } from '../support/world';

test('kept pages are for who has no session, also where a browser is known from before', async () => {
  const ctx = await testContext();
  await makeConference(ctx);
  const cache = new PageCache(ctx.db);
  const key = (cookie?: string) =>
    cache.key({ url: '/cas-2027/programme', cookie, acceptEncoding: undefined, acceptLanguage: undefined });
  const everybodys = await key();
  expect(everybodys).not.toBe(null);
  expect(await key('__Host-colloquy-device=mark')).toBe(everybodys);
  for (const own of ['__Host-colloquy=session', 'colloquy-notice=x', '__Host-colloquy-device=m; __Host-colloquy-by=x'])
    expect(await key(own)).toBe(null);
});
