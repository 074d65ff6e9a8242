import { expect, test } from 'vitest';
import { afterQuiet } from '~/domain/account/quiet-hours';

/** On the clock of Tashkent, five hours ahead. */
test.each([
  ['22:00', '07:00', '2027-06-02T18:30', '2027-06-03T02:00', 'late in the evening'],
  ['22:00', '07:00', '2027-06-02T01:59', '2027-06-02T02:00', 'before it ends in the morning'],
  ['22:00', '07:00', '2027-06-02T02:00', '2027-06-02T02:00', 'as it ends'],
  ['22:00', '07:00', '2027-06-02T16:59', '2027-06-02T16:59', 'before it begins'],
  ['22:00', '07:00', '2027-06-02T17:00', '2027-06-03T02:00', 'as it begins'],
  ['12:00', '14:00', '2027-06-02T08:10', '2027-06-02T09:00', 'within one day'],
  ['12:00', '14:00', '2027-06-02T09:00', '2027-06-02T09:00', 'after it'],
  ['08:00', '08:00', '2027-06-02T03:00', '2027-06-02T03:00', 'hours of no length'],
])('quiet from %s until %s: what is ready at %s goes at %s (%s)', (from, until, now, then) => {
  const quiet = { from, until, zone: 'Asia/Tashkent' };
  expect(afterQuiet(quiet, new Date(`${now}Z`)).toISOString()).toBe(`${then}:00.000Z`);
});

test('over a change of the clocks the end is where the wall clock shows it', () => {
  const quiet = { from: '22:00', until: '07:00', zone: 'Europe/Berlin' };
  expect(afterQuiet(quiet, new Date('2027-03-27T22:00Z')).toISOString()).toBe('2027-03-28T05:00:00.000Z');
  expect(afterQuiet(quiet, new Date('2027-10-30T21:00Z')).toISOString()).toBe('2027-10-31T06:00:00.000Z');
});
