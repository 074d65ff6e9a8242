import { expect, test } from 'vitest';
import { timeZone, timeZones } from '~/domain/time-zones.server';
import { isTimeZone } from '~/domain/zoned-time';

const WINTER = new Date('2027-01-15T12:00:00Z');
const SUMMER = new Date('2027-07-15T12:00:00Z');

test('every zone stands in its region by its city, with the offset of now', () => {
  const zone = (name: string, now: Date) =>
    timeZones(now)
      .flatMap(({ region, zones }) => zones.map((one) => ({ region, ...one })))
      .find((one) => one.name === name);
  expect(zone('Asia/Almaty', WINTER)).toEqual({
    region: 'Asia',
    name: 'Asia/Almaty',
    city: 'Almaty',
    offset: '+05:00',
  });
  expect(zone('Europe/Berlin', WINTER)).toMatchObject({ city: 'Berlin', offset: '+01:00' });
  expect(zone('Europe/Berlin', SUMMER)).toMatchObject({ offset: '+02:00' });
  expect(zone('America/North_Dakota/New_Salem', WINTER)).toMatchObject({ city: 'New Salem, North Dakota' });
  expect(zone('UTC', WINTER)).toMatchObject({ region: 'UTC', offset: '+00:00' });
  // Under the name that people know, whatever the platform calls it.
  expect(zone('Asia/Kolkata', WINTER)).toMatchObject({ city: 'Kolkata', offset: '+05:30' });
  expect(zone('Europe/Kyiv', WINTER)).toMatchObject({ city: 'Kyiv' });
});

test('all are zones, and each is there once', () => {
  const names = timeZones(WINTER).flatMap(({ zones }) => zones.map(({ name }) => name));
  expect(names.length).toBeGreaterThan(400);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !isTimeZone(name))).toEqual([]);
});

test('the list is built once an hour', () => {
  expect(timeZones(WINTER)).toBe(timeZones(new Date(WINTER.getTime() + 59 * 60_000)));
  expect(timeZones(WINTER)).not.toBe(timeZones(SUMMER));
});

test('a zone that the list has no more is still one', () => {
  expect(timeZone('Asia/Calcutta', WINTER)).toMatchObject({ name: 'Asia/Calcutta', offset: '+05:30' });
  expect(timeZone('Mars/Olympus', WINTER)).toBeNull();
});
