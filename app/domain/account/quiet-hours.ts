import { DAY } from '../clock';
import { instantToZoned, zonedToInstant } from '../zoned-time';

/** Between two times of day, on one zone's clock, a person wants no letters. */
export interface QuietHours {
  /** `22:00`; where it is the later of the two, the hours run over midnight. Where both are one, there are none. */
  from: string;
  until: string;
  /** IANA name. */
  zone: string;
}

/** As they are stored. Null: none. */
export function quietHours(row: {
  quiet_from: string | null;
  quiet_until: string | null;
  quiet_zone: string | null;
}): QuietHours | null {
  const { quiet_from: from, quiet_until: until, quiet_zone: zone } = row;
  return from && until && zone ? { from, until, zone } : null;
}

/** When what is ready at `now` may go out: now, or as the quiet hours end. */
export function afterQuiet({ from, until, zone }: QuietHours, now: Date): Date {
  const [day = '', time = ''] = instantToZoned(now, zone).split('T');
  const quiet = from <= until ? from <= time && time < until : from <= time || time < until;
  if (!quiet) return now;
  const endsOn = time < until ? day : new Date(Date.parse(day) + DAY).toISOString().slice(0, 10);
  return zonedToInstant(`${endsOn}T${until}`, zone);
}
