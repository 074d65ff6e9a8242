import { expect, test } from 'vitest';
import { readersTime } from '~/client/readers-time';

test.each([
  ['2027-02-01T18:59:00.000Z', 'Asia/Almaty', 'Europe/Berlin', '19:59'],
  ['2027-02-01T18:59:00.000Z', 'Asia/Almaty', 'Asia/Tokyo', '2 February at 03:59'],
  ['2027-02-01T18:59:00.000Z', 'Asia/Almaty', 'Asia/Almaty', null],
  // Another name, the same clock.
  ['2027-02-01T18:59:00.000Z', 'Asia/Almaty', 'Asia/Tashkent', null],
  ['2027-07-01T12:00:00.000Z', 'Europe/London', 'UTC', '12:00'],
  ['2027-01-01T12:00:00.000Z', 'Europe/London', 'UTC', null],
  ['2027-01-01T00:30:00.000Z', 'UTC', 'America/New_York', '31 December at 19:30'],
  ['2027-01-01T00:30:00.000Z', 'Nowhere/At_All', 'UTC', null],
  ['no instant', 'UTC', 'Asia/Tokyo', null],
])('%s in %s is told in %s as %s', (instant, zone, readers, told) => {
  expect(readersTime(instant, zone, readers)).toBe(told);
});
