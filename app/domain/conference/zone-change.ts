import { zonedToInstant } from '../zoned-time';

export interface MovedTime {
  field: 'opensAt' | 'closesAt';
  /** Where the clock stays: read in the new zone. */
  onTheClock: Date;
  /** Where the moment stays: read in the old one. */
  atTheMoment: Date;
}

/** The times of a conference's form that a change of its zone moves. None where the zones have one clock then. */
export function movedTimes(
  local: { opensAt?: string; closesAt?: string },
  zones: { from: string; to: string },
): MovedTime[] {
  if (zones.from === zones.to) return [];
  return (['opensAt', 'closesAt'] as const)
    .flatMap((field) => {
      const time = local[field];
      if (!time) return [];
      const onTheClock = zonedToInstant(time, zones.to);
      return [{ field, onTheClock, atTheMoment: zonedToInstant(time, zones.from) }];
    })
    .filter(({ onTheClock, atTheMoment }) => onTheClock.getTime() !== atTheMoment.getTime());
}

/** `4 hours`, `5 hours, 30 minutes`; without a sign. */
export function formatDifference(milliseconds: number, locale: string): string {
  const minutes = Math.round(Math.abs(milliseconds) / 60_000);
  const parts = [
    [Math.floor(minutes / 60), 'hour'],
    [minutes % 60, 'minute'],
  ] as const;
  return new Intl.ListFormat(locale, { type: 'unit' }).format(
    parts
      .filter(([count]) => count > 0)
      .map(([count, unit]) =>
        new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count),
      ),
  );
}
