import { expect, test, vi } from 'vitest';
import { Newsroom } from '~/http/news.server';
import { testContext } from '../support/context';
import { makePerson } from '../support/world';

test('a page hears nothing more once its session has ended, in whichever process', async () => {
  const ctx = await testContext();
  const { accountId } = await makePerson(ctx, 'Dilnoza Example');
  const at = ctx.clock.now().toISOString() as never;
  for (const id of ['ended', 'alive'])
    await ctx.db.insertInto('sessions').values({ id, account_id: accountId, expires_at: at, created_at: at }).execute();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const news = new Newsroom(ctx.db);
  try {
    const over: string[] = [];
    const unwatch = ['ended', 'alive'].map((session) =>
      news.watch('thread' as never, '', { session, news() {}, over: () => over.push(session) }),
    );
    await vi.advanceTimersByTimeAsync(2_000);
    await vi.waitFor(() => expect(over).toEqual([]));
    await ctx.db.deleteFrom('sessions').where('id', '=', 'ended').execute();
    vi.advanceTimersByTime(2_000);
    await vi.waitFor(() => expect(over).toEqual(['ended']));
    for (const stop of unwatch) stop?.();
  } finally {
    news.close();
    vi.useRealTimers();
  }
});
