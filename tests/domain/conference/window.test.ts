import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant } from '#db/ids';
import { conferenceSchema, slugSchema } from '~/domain/conference/schema';
import { windowState } from '~/domain/conference/state';
import { formatDates, formatInstant, instantToZoned, isTimeZone, zonedToInstant } from '~/domain/zoned-time';

describe('the submission window', () => {
  const opensAt = instant(new Date('2027-01-01T00:00:00.000Z'));
  const closesAt = instant(new Date('2027-02-01T00:00:00.000Z'));
  test.each([
    [{ opensAt, closesAt }, '2026-12-31T23:59:59.999Z', 'early'],
    [{ opensAt, closesAt }, '2027-01-01T00:00:00.000Z', 'open'],
    [{ opensAt, closesAt }, '2027-01-31T23:59:59.999Z', 'open'],
    [{ opensAt, closesAt }, '2027-02-01T00:00:00.000Z', 'closed'],
    [{ opensAt: null, closesAt }, '1999-01-01T00:00:00.000Z', 'open'],
    [{ opensAt, closesAt: null }, '2999-01-01T00:00:00.000Z', 'open'],
    [{ opensAt: null, closesAt: null }, '2027-01-01T00:00:00.000Z', 'open'],
  ] as const)('%o at %s is %s', (window, now, state) => {
    expect(windowState(window, new Date(now))).toBe(state);
  });
});

describe('wall clocks', () => {
  test.each([
    ['2027-02-01T23:59', 'Asia/Almaty', '2027-02-01T18:59:00.000Z'],
    ['2027-02-01T23:59', 'UTC', '2027-02-01T23:59:00.000Z'],
    ['2027-07-01T12:00', 'America/New_York', '2027-07-01T16:00:00.000Z'],
    ['2027-01-01T00:00', 'Asia/Kathmandu', '2026-12-31T18:15:00.000Z'],
    ['2027-12-31T23:59', 'Pacific/Kiritimati', '2027-12-31T09:59:00.000Z'],
    // Skipped by the clock: read with the offset before the change.
    ['2027-03-28T02:30', 'Europe/Berlin', '2027-03-28T01:30:00.000Z'],
    // Twice on the clock: the first time.
    ['2027-10-31T02:30', 'Europe/Berlin', '2027-10-31T00:30:00.000Z'],
  ])('%s in %s is %s', (local, zone, expected) => {
    expect(zonedToInstant(local, zone).toISOString()).toBe(expected);
  });

  test('what is shown is what is read back, in every zone', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const minutes = fc.integer({ min: Date.UTC(2020, 0, 1) / 60_000, max: Date.UTC(2035, 0, 1) / 60_000 });
    fc.assert(
      fc.property(minutes, fc.constantFrom(...zones), (minute, zone) => {
        const local = instantToZoned(new Date(minute * 60_000), zone);
        expect(local).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/);
        expect(instantToZoned(zonedToInstant(local, zone), zone)).toBe(local);
      }),
      { numRuns: 200 },
    );
  });

  test('an instant is told with its zone, dates without', () => {
    expect(formatInstant('2027-02-01T18:59:00.000Z', 'Asia/Almaty')).toBe('1 February 2027 at 23:59 GMT+5');
    expect(formatDates('2027-06-02', '2027-06-05')).toMatch(/^2\s?–\s?5 June 2027$/);
    expect([formatDates('2027-06-02', null), formatDates('2027-06-02', '2027-06-02'), formatDates(null, null)]).toEqual(
      ['2 June 2027', '2 June 2027', ''],
    );
  });

  test('what is no time zone', () => {
    expect(['Asia/Almaty', 'UTC', 'Europe/Berlin'].map(isTimeZone)).toEqual([true, true, true]);
    expect(['', 'Mars/Olympus', 'Asia/', '../etc/passwd', 'x'.repeat(64)].map(isTimeZone)).toEqual(
      Array(5).fill(false),
    );
  });
});

describe('the organiser’s form', () => {
  const form = { revision: '1', name: 'Conference', timeZone: 'Asia/Almaty' };
  test('takes times on the conference’s own clock', () => {
    expect(
      conferenceSchema.parse({ ...form, opensAt: '2027-01-01T00:00', closesAt: '2027-02-01T23:59' }),
    ).toMatchObject({
      opensAt: new Date('2026-12-31T19:00:00.000Z'),
      closesAt: new Date('2027-02-01T18:59:00.000Z'),
      refPrefix: '',
    });
  });

  test('never throws, whatever is typed', () => {
    const field = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('2027-99-99T99:99', '0000-00-00', '+275760-09-13T00:00'),
    );
    const names = ['revision', 'name', 'startsOn', 'endsOn', 'timeZone', 'opensAt', 'closesAt', 'refPrefix'];
    fc.assert(
      fc.property(fc.constantFrom(...names), field, (name, value) => {
        expect(() => conferenceSchema.safeParse({ ...form, [name]: value })).not.toThrow();
      }),
    );
  });

  test.each([
    ['cas-2027', true],
    ['CAS-2027', true],
    ['a', true],
    ['sign-in', false],
    ['dev', false],
    ['assets', false],
    ['-a', false],
    ['a--b', false],
    ['a/b', false],
    ['ä', false],
    ['', false],
    ['x'.repeat(61), false],
  ])('the word %j in the address: %s', (slug, good) => {
    expect(slugSchema.safeParse(slug).success).toBe(good);
  });
});
