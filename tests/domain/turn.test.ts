import { expect, test } from 'vitest';
import { turn } from '~/domain/turn';

test('pieces of work are done in order, and what else the process does comes in between each two', async () => {
  const done: string[] = [];
  let working = true;
  // As requests come in: once in each round of the event loop.
  function others() {
    done.push('page');
    if (working) setImmediate(others);
  }
  setImmediate(others);
  const pieces = Array.from({ length: 20 }, async (_, number) => {
    await turn();
    await Promise.resolve();
    done.push(`mail ${number}`);
  });
  await Promise.all(pieces);
  working = false;
  expect(done.filter((one) => one !== 'page')).toEqual(Array.from({ length: 20 }, (_, number) => `mail ${number}`));
  expect(done.join(' ')).not.toMatch(/mail \d+ mail/);
});

test('after a pause the next comes at once', async () => {
  await turn();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await turn();
});
