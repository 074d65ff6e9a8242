import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, MINUTE } from '~/domain/clock';
import { backoff } from '~/domain/mail/backoff';

const middle = () => 0.5;

test.each([
  [1, MINUTE / 2],
  [2, MINUTE],
  [3, 2 * MINUTE],
  [6, 16 * MINUTE],
  [7, 30 * MINUTE],
  [50, 30 * MINUTE],
])('after %i tries it waits %i ms', (tries, wait) => {
  expect(backoff(tries, middle)).toBe(wait);
});

test('gives up when the waits add up to four days', () => {
  let tries = 0;
  let sum = 0;
  for (let wait = backoff(++tries, middle); wait !== null; wait = backoff(++tries, middle)) sum += wait;
  expect(sum).toBeGreaterThanOrEqual(4 * DAY);
  expect(sum).toBeLessThan(4 * DAY + 31 * MINUTE);
  expect(backoff(tries + 1000, middle)).toBeNull();
});

test('jitter stays within a fifth of the wait', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 150 }), fc.double({ min: 0, max: 1, noNaN: true }), (tries, random) => {
      const nominal = backoff(tries, middle);
      const wait = backoff(tries, () => random);
      if (nominal === null || wait === null) return nominal === wait;
      return wait >= nominal * 0.8 - 1 && wait <= nominal * 1.2 + 1;
    }),
  );
});
