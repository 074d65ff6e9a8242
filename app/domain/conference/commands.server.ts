import { dateOnly, instant, newId } from '#db/ids';
import type { Id } from '#db/schema';
import { isDuplicate, isReferenced, type Write, write } from '#db/write';
import type { DomainContext } from '../context';
import { type Conference, conferenceBySlug, type Format, type Theme } from './queries.server';
import { type ConferenceInput, choiceText } from './schema';

/** Called in the transaction of whatever changes what the public sees of a conference. */
export async function publicContentChanged(trx: Write, conferenceId: Id<'conference'>): Promise<void> {
  await trx
    .updateTable('conferences')
    .set((eb) => ({ content_version: eb('content_version', '+', 1) }))
    .where('id', '=', conferenceId)
    .execute();
}

export interface NewConference {
  slug: string;
  name: string;
  timeZone: string;
  refPrefix: string;
  startsOn?: string;
  endsOn?: string;
  opensAt?: Date | null;
  closesAt?: Date | null;
}

/** Makes a conference without formats and themes. Null where the slug is taken. */
export async function createConference(
  ctx: DomainContext,
  conference: NewConference,
): Promise<Id<'conference'> | null> {
  const id = newId<'conference'>();
  try {
    await write(ctx.db, async (trx) => {
      const { last } = await trx
        .selectFrom('conferences')
        .select((eb) => eb.fn.max('number').as('last'))
        .executeTakeFirstOrThrow();
      await trx
        .insertInto('conferences')
        .values({
          id,
          number: Number(last ?? 0) + 1,
          slug: conference.slug,
          name: conference.name,
          starts_on: conference.startsOn ? dateOnly(conference.startsOn) : null,
          ends_on: conference.endsOn ? dateOnly(conference.endsOn) : null,
          time_zone: conference.timeZone,
          opens_at: conference.opensAt ? instant(conference.opensAt) : null,
          closes_at: conference.closesAt ? instant(conference.closesAt) : null,
          ref_prefix: conference.refPrefix,
          created_at: instant(ctx.clock.now()),
        })
        .execute();
    });
    return id;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    // It may be the number that another conference, made at the same moment, has taken.
    return (await conferenceBySlug(ctx.db, conference.slug)) ? null : createConference(ctx, conference);
  }
}

/** Saves the organiser's form. False where somebody else has saved since the form was read. */
export async function editConference(
  ctx: DomainContext,
  conference: Conference,
  input: ConferenceInput,
): Promise<boolean> {
  return write(ctx.db, async (trx) => {
    const result = await trx
      .updateTable('conferences')
      .set((eb) => ({
        name: input.name,
        starts_on: input.startsOn ? dateOnly(input.startsOn) : null,
        ends_on: input.endsOn ? dateOnly(input.endsOn) : null,
        time_zone: input.timeZone,
        opens_at: input.opensAt ? instant(input.opensAt) : null,
        closes_at: input.closesAt ? instant(input.closesAt) : null,
        letters_weeks: input.lettersWeeks,
        ref_prefix: input.refPrefix,
        revision: eb('revision', '+', 1),
        content_version: eb('content_version', '+', 1),
      }))
      .where('id', '=', conference.id)
      .where('revision', '=', input.revision)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  });
}

/**
 * Adds a format, or changes the one with `id`. `duplicate`: another has that name. `unknown`: not of this conference.
 * `stale`: it says no longer what the form was read from (`was`, as `choiceText` puts it).
 */
export async function saveFormat(
  ctx: DomainContext,
  conferenceId: Id<'conference'>,
  format: Omit<Format, 'id'>,
  id?: Id<'format'>,
  was?: string | null,
): Promise<ChoiceSaved> {
  return saveChoice(ctx, conferenceId, async (trx) => {
    if (!id) {
      await insertFormat(trx, conferenceId, format);
      return true;
    }
    const before = await trx
      .selectFrom('formats')
      .select(['name', 'word_limit as wordLimit'])
      .where('id', '=', id)
      .where('conference_id', '=', conferenceId)
      .executeTakeFirst();
    if (before && isOvertaken(before, format, was)) return 'stale';
    const result = await trx
      .updateTable('formats')
      .set({ name: format.name, word_limit: format.wordLimit })
      .where('id', '=', id)
      .where('conference_id', '=', conferenceId)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  });
}

export async function saveTheme(
  ctx: DomainContext,
  conferenceId: Id<'conference'>,
  theme: Omit<Theme, 'id'>,
  id?: Id<'theme'>,
  was?: string | null,
): Promise<ChoiceSaved> {
  return saveChoice(ctx, conferenceId, async (trx) => {
    if (!id) {
      await insertTheme(trx, conferenceId, theme.name);
      return true;
    }
    const before = await trx
      .selectFrom('themes')
      .select(['name'])
      .where('id', '=', id)
      .where('conference_id', '=', conferenceId)
      .executeTakeFirst();
    if (before && isOvertaken(before, theme, was)) return 'stale';
    const result = await trx
      .updateTable('themes')
      .set({ name: theme.name })
      .where('id', '=', id)
      .where('conference_id', '=', conferenceId)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  });
}

export type ChoiceSaved = 'saved' | 'duplicate' | 'unknown' | 'stale';

type ChoiceValues = { name: string; wordLimit?: number };

function isOvertaken(before: ChoiceValues, now: ChoiceValues, was: string | null | undefined): boolean {
  const text = choiceText(before);
  return typeof was === 'string' && text !== was && text !== choiceText(now);
}

async function saveChoice(
  ctx: DomainContext,
  conferenceId: Id<'conference'>,
  save: (trx: Write) => Promise<boolean | 'stale'>,
): Promise<ChoiceSaved> {
  try {
    return await write(ctx.db, async (trx) => {
      const saved = await save(trx);
      if (saved !== true) return saved || 'unknown';
      await publicContentChanged(trx, conferenceId);
      return 'saved';
    });
  } catch (error) {
    if (isDuplicate(error)) return 'duplicate';
    throw error;
  }
}

export type Removal =
  | 'removed'
  /** Nothing uses it; it is removed once that is `meant`. */
  | 'free'
  /** A submission, if only an old version of one, names it. */
  | 'used'
  /** Somebody else has removed it. */
  | 'gone'
  /** Not of this conference. */
  | 'unknown';

/** Removes a format or theme that nothing uses. Where it is not `meant`, only says what would become of it. */
export async function removeChoice(
  ctx: DomainContext,
  conferenceId: Id<'conference'>,
  table: 'formats' | 'themes',
  id: string,
  meant: boolean,
): Promise<Removal> {
  const column = table === 'formats' ? 'format_id' : 'theme_id';
  const removing = write(ctx.db, async (trx): Promise<Removal> => {
    const found = await trx
      .selectFrom(table)
      .select('conference_id as conferenceId')
      .where('id', '=', id as never)
      .executeTakeFirst();
    if (!found) return 'gone';
    if (found.conferenceId !== conferenceId) return 'unknown';
    const used = await trx
      .selectFrom('submission_versions')
      .select('id')
      .where(column, '=', id as never)
      .limit(1)
      .executeTakeFirst();
    if (used) return 'used';
    if (!meant) return 'free';
    await trx
      .deleteFrom(table)
      .where('id', '=', id as never)
      .execute();
    await publicContentChanged(trx, conferenceId);
    return 'removed';
  });
  return removing.catch((error) => {
    // Somebody has chosen it since we looked.
    if (isReferenced(error)) return 'used';
    throw error;
  });
}

export async function insertFormat(
  trx: Write,
  conferenceId: Id<'conference'>,
  format: Omit<Format, 'id'>,
): Promise<Id<'format'>> {
  const id = newId<'format'>();
  const position = await nextPosition(trx, 'formats', conferenceId);
  await trx
    .insertInto('formats')
    .values({ id, conference_id: conferenceId, name: format.name, word_limit: format.wordLimit, position })
    .execute();
  return id;
}

export async function insertTheme(trx: Write, conferenceId: Id<'conference'>, name: string): Promise<Id<'theme'>> {
  const id = newId<'theme'>();
  const position = await nextPosition(trx, 'themes', conferenceId);
  await trx.insertInto('themes').values({ id, conference_id: conferenceId, name, position }).execute();
  return id;
}

async function nextPosition(trx: Write, table: 'formats' | 'themes', conferenceId: Id<'conference'>): Promise<number> {
  const { last } = await trx
    .selectFrom(table)
    .select((eb) => eb.fn.max('position').as('last'))
    .where('conference_id', '=', conferenceId)
    .executeTakeFirstOrThrow();
  return Number(last ?? 0) + 1;
}
