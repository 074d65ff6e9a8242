import { sql } from 'kysely';
import { type Database, isPostgres } from '#db/open';
import type { Clock } from '~/domain/clock';
import { instantToZoned } from '~/domain/zoned-time';
import type { Check } from './check';

const SLIGHT_SKEW = 2_000;
const GRAVE_SKEW = 60_000;

export async function* clockChecks(db: Database | null, clock: Clock): AsyncGenerator<Check> {
  const skew = db && isPostgres(db) ? await skewTo(db, clock).catch(() => null) : null;
  if (skew === null) {
    yield { state: 'ok', name: 'clock', text: clock.now().toISOString() };
  } else {
    const state = Math.abs(skew) > GRAVE_SKEW ? 'fail' : Math.abs(skew) > SLIGHT_SKEW ? 'warn' : 'ok';
    const text = `${clock.now().toISOString()}, ${(Math.abs(skew) / 1000).toFixed(1)} s ${skew < 0 ? 'behind' : 'before'} the database server`;
    yield {
      state,
      name: 'clock',
      text,
      ...(state !== 'ok' && { hint: 'Deadlines and links go by the clock: set both machines by NTP.' }),
    };
  }
  yield zoneCheck();
}

/** By how many milliseconds this clock is before the server's, as seen from the middle of the question. */
async function skewTo(db: Database, clock: Clock): Promise<number> {
  const asked = clock.now().getTime();
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
  const answered = clock.now().getTime();
  return (asked + answered) / 2 - new Date(rows[0]?.now ?? asked).getTime();
}

/** Kazakhstan has had one time, UTC+5, since 1 March 2024: data that does not know that is too old for deadlines. */
function zoneCheck(): Check {
  const hint = 'Install a newer Node.js, one with full time-zone data.';
  try {
    const wall = instantToZoned(new Date('2024-06-01T00:00:00Z'), 'Asia/Almaty');
    if (wall === '2024-06-01T05:00')
      return { state: 'ok', name: 'zones', text: `time-zone data ${process.versions.tz ?? ''}`.trim() };
    return { state: 'warn', name: 'zones', text: 'the time-zone data is older than 2024', hint };
  } catch {
    return { state: 'fail', name: 'zones', text: 'there is no time-zone data', hint };
  }
}
