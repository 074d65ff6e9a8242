import { DAY, HOUR, MINUTE } from '../clock';

const FIRST = MINUTE / 2;
const LONGEST = HOUR / 2;
const GIVE_UP = 4 * DAY;

/**
 * How long to wait after so many tries, in milliseconds: half a minute, doubling up to half an hour, a fifth more or
 * less so that mails refused together do not come back together. Null once the waits add up to four days.
 */
export function backoff(tries: number, random: () => number = Math.random): number | null {
  if (waited(tries) >= GIVE_UP) return null;
  return Math.round(nominal(tries) * (0.8 + 0.4 * random()));
}

function waited(tries: number): number {
  let sum = 0;
  for (let tried = 1; tried < tries && sum < GIVE_UP; tried++) sum += nominal(tried);
  return sum;
}

function nominal(tries: number): number {
  return Math.min(FIRST * 2 ** (Math.max(tries, 1) - 1), LONGEST);
}
