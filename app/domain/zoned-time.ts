/**
 * Instants and the wall clocks of time zones (IANA names), by the platform's own Intl data.
 * A local time that the zone skips or has twice is read with the offset in force before the change.
 */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** `2027-02-01T23:59` on the zone's wall clock, as an instant. */
export function zonedToInstant(local: string, timeZone: string): Date {
  const asUtc = Date.parse(`${local}Z`);
  const before = offsetAt(asUtc - 86_400_000, timeZone);
  const guess = asUtc - offsetAt(asUtc - before, timeZone);
  // Where the two disagree the local time is skipped or doubled: stay with the offset before the change.
  return new Date(instantToZoned(new Date(guess), timeZone) === local ? guess : asUtc - before);
}

/** The zone's wall clock at an instant, as `2027-02-01T23:59`, for a datetime-local field. */
export function instantToZoned(instant: Date, timeZone: string): string {
  return new Date(instant.getTime() + offsetAt(instant.getTime(), timeZone)).toISOString().slice(0, 16);
}

/** An instant as a person reads it, always with its zone. */
export function formatInstant(instant: string | Date, timeZone: string, locale = 'en-GB'): string {
  return (
    new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(new Date(instant)) +
    zoneSuffix(instant, timeZone, locale)
  );
}

/**
 * The same for a page, which makes a `<time>` of it wherever it stands in a sentence (app/ui/timed.tsx): between invisible
 * separators the instant, its zone, and what people read. To the minute, as it is read: a page tells no more.
 */
export function timed(instant: string | Date, timeZone: string): string {
  const parts = [`${new Date(instant).toISOString().slice(0, 16)}Z`, timeZone, formatInstant(instant, timeZone)];
  return SEPARATOR + parts.join(SEPARATOR) + SEPARATOR;
}

/** Invisible (Unicode 15.1, 23.2), and in no name or title: people cannot type it into them. */
export const SEPARATOR = '\u2063';

/** `2 to 5 June 2027`, in the reader's language. Dates without a time have no zone. */
export function formatDates(startsOn: string | null, endsOn: string | null, locale = 'en-GB'): string {
  if (!startsOn) return '';
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  return endsOn && endsOn !== startsOn
    ? format.formatRange(new Date(startsOn), new Date(endsOn))
    : format.format(new Date(startsOn));
}

function zoneSuffix(instant: string | Date, timeZone: string, locale: string): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }).formatToParts(new Date(instant));
  return ` ${parts.find((part) => part.type === 'timeZoneName')?.value ?? timeZone}`;
}

function offsetAt(milliseconds: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const part = Object.fromEntries(
    format.formatToParts(new Date(milliseconds)).map(({ type, value }) => [type, Number(value)]),
  );
  const wall = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
  return wall - Math.floor(milliseconds / 1000) * 1000;
}
