import type { Database } from '#db/open';
import type { DateOnly, Id, Instant } from '#db/schema';

export interface Conference {
  id: Id<'conference'>;
  number: number;
  slug: string;
  name: string;
  startsOn: DateOnly | null;
  endsOn: DateOnly | null;
  timeZone: string;
  opensAt: Instant | null;
  closesAt: Instant | null;
  refPrefix: string;
  /** For how many weeks after the last day people may write to each other. */
  lettersWeeks: number;
  contentVersion: number;
  revision: number;
}

const columns = [
  'id',
  'number',
  'slug',
  'name',
  'starts_on as startsOn',
  'ends_on as endsOn',
  'time_zone as timeZone',
  'opens_at as opensAt',
  'closes_at as closesAt',
  'ref_prefix as refPrefix',
  'letters_weeks as lettersWeeks',
  'content_version as contentVersion',
  'revision',
] as const;

export async function conferenceBySlug(db: Database, slug: string): Promise<Conference | null> {
  return (await db.selectFrom('conferences').select(columns).where('slug', '=', slug).executeTakeFirst()) ?? null;
}

/** The newest first. */
export async function conferences(db: Database, limit = 100): Promise<Conference[]> {
  return db.selectFrom('conferences').select(columns).orderBy('number', 'desc').limit(limit).execute();
}

/** The time zones of these conferences, the newest's first. */
export async function zonesOf(db: Database, ids: readonly Id<'conference'>[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('conferences')
    .select('time_zone as timeZone')
    .where('id', 'in', ids.slice(0, 500))
    .orderBy('number', 'desc')
    .limit(20)
    .execute();
  return [...new Set(rows.map((row) => row.timeZone))];
}

export interface Format {
  id: Id<'format'>;
  name: string;
  wordLimit: number;
}

export interface Theme {
  id: Id<'theme'>;
  name: string;
}

/** A conference has a handful; imported ones may have hundreds. */
const MOST_CHOICES = 1_000;

export async function formatsOf(db: Database, conferenceId: Id<'conference'>): Promise<Format[]> {
  return db
    .selectFrom('formats')
    .select(['id', 'name', 'word_limit as wordLimit'])
    .where('conference_id', '=', conferenceId)
    .orderBy('position')
    .limit(MOST_CHOICES)
    .execute();
}

export async function themesOf(db: Database, conferenceId: Id<'conference'>): Promise<Theme[]> {
  return db
    .selectFrom('themes')
    .select(['id', 'name'])
    .where('conference_id', '=', conferenceId)
    .orderBy('position')
    .limit(MOST_CHOICES)
    .execute();
}
