import { isTimeZone } from './zoned-time';

export interface TimeZone {
  /** IANA name. */
  name: string;
  city: string;
  /** From UTC now, as `+05:00`. */
  offset: string;
  /** Its older name, which browsers may call it by. */
  also?: string;
}

export interface ZoneGroup {
  region: Region;
  zones: TimeZone[];
}

const REGIONS = [
  'Africa',
  'America',
  'Antarctica',
  'Arctic',
  'Asia',
  'Atlantic',
  'Australia',
  'Europe',
  'Indian',
  'Pacific',
  'UTC',
] as const;
export type Region = (typeof REGIONS)[number];

const HOUR = 3_600_000;
let built: { hour: number; groups: ZoneGroup[] } | undefined;

/**
 * The time zones that the platform knows, by region and city. Built once an hour, since offsets follow summer time: to
 * build it takes a tenth of a second.
 */
export function timeZones(now: Date): ZoneGroup[] {
  const hour = Math.floor(now.getTime() / HOUR);
  if (built?.hour !== hour) built = { hour, groups: build(now) };
  return built.groups;
}

/** One zone, also an old name that the list has no more. Null: no zone at all. */
export function timeZone(name: string, now: Date): TimeZone | null {
  return isTimeZone(name) ? { name, city: cityOf(name), offset: offsetOf(name, now) } : null;
}

function build(now: Date): ZoneGroup[] {
  const byCity = new Intl.Collator('en').compare;
  const all = [...Intl.supportedValuesOf('timeZone'), 'UTC'].map((known) => {
    const name = RENAMED[known] ?? known;
    const current = isTimeZone(name) ? name : known;
    return {
      name: current,
      city: cityOf(current),
      offset: offsetOf(current, now),
      ...(current !== known && { also: known }),
    };
  });
  const unique = [...new Map(all.map((zone) => [zone.name, zone])).values()];
  return REGIONS.map((region) => ({
    region,
    zones: unique.filter(({ name }) => name.split('/')[0] === region).sort((a, b) => byCity(a.city, b.city)),
  })).filter(({ zones }) => zones.length > 0);
}

/** `America/North_Dakota/New_Salem` is New Salem, North Dakota. */
function cityOf(name: string): string {
  const [region = '', ...places] = name.replaceAll('_', ' ').split('/');
  return places.reverse().join(', ') || region;
}

function offsetOf(timeZone: string, now: Date): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(now);
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value.replace(/^(?:GMT|UTC)/, '');
  return offset || '+00:00';
}

/** Places that changed their name; the platform's list (CLDR) keeps the old ones. */
const RENAMED: Record<string, string> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Louisville': 'America/Kentucky/Louisville',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};
