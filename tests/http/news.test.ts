import { expect, onTestFinished, test, vi } from 'vitest';
import type { Id } from '#db/schema';
import { MOST_WATCHERS_OF_ONE, Newsroom } from '~/http/news.server';
import { testContext } from '../support/context';
import { makePerson } from '../support/world';

async function setUp() {
  const { db } = await testContext();
  const news = new Newsroom(db);
  onTestFinished(() => news.close());
  const watch = (person: string, thread = 'own') =>
    news.watch({ accountId: person as Id<'account'>, participantId: thread as Id<'participant'> }, '', {
      session: 'own',
      news() {},
      over() {},
    });
  return { news, watch };
}

test('one person takes so many places among those who are told of news, and leaves the others theirs', async () => {
  const { news, watch } = await setUp();
  const mine = Array.from({ length: MOST_WATCHERS_OF_ONE }, (_, index) => watch('rano', `thread ${index}`));
  expect(mine.every((one) => typeof one === 'function')).toBe(true);
  expect(watch('rano')).toBe('full');
  expect(watch('aigul')).toBeTypeOf('function');
  // A page that is closed makes room, once.
  const [first] = mine as (() => void)[];
  first!();
  first!();
  expect(watch('rano')).toBeTypeOf('function');
  expect(watch('rano')).toBe('full');
  news.close();
  expect(watch('aigul')).toBe('closing');
});

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
      news.watch({ accountId, participantId: session as Id<'participant'> }, '', {
        session,
        news() {},
        over: () => over.push(session),
      }),
    );
    await vi.advanceTimersByTimeAsync(2_000);
    await vi.waitFor(() => expect(over).toEqual([]));
    await ctx.db.deleteFrom('sessions').where('id', '=', 'ended').execute();
    vi.advanceTimersByTime(2_000);
    await vi.waitFor(() => expect(over).toEqual(['ended']));
    for (const stop of unwatch) if (typeof stop === 'function') stop();
  } finally {
    news.close();
    vi.useRealTimers();
  }
});
