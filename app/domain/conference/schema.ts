import { z } from 'zod';
import { publishesAddress } from '../mail/gate';
import { cleanLine } from '../text';
import { isTimeZone, zonedToInstant } from '../zoned-time';

/** What is too long is looked at no further. */
export const line = (max: number) =>
  z
    .string()
    .transform(cleanLine)
    .pipe(z.string().min(1).max(max, { abort: true }));

/** A line that everybody reads: it gives nobody's address away. */
const publicLine = (max: number) =>
  line(max).refine((text) => !publishesAddress(text), { params: { key: 'error.addressInside' } });

export const slugSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'error.slug' })
  .max(60)
  .refine((slug) => !RESERVED.has(slug), { params: { key: 'error.slugTaken' } });

/** First parts of the portal's own paths. */
const RESERVED = new Set([
  'sign-in',
  'sign-out',
  'account',
  'confirm',
  'authorship',
  'letters',
  'metrics',
  'dev',
  'health',
  'assets',
  'api',
  'robots',
  'favicon',
]);

const timeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, { params: { key: 'error.timeZone' } });
const date = z.iso.date();
/** To the minute and without a zone (RFC 3339's local part), on a day that exists. */
const localTime = z.iso.datetime({ local: true, precision: -1 }).regex(/\d$/);

const refPrefixSchema = z
  .string()
  .trim()
  .regex(/^[A-Z]{0,8}$/, { error: 'error.refPrefix' });

/** The organiser's form. Local times are on the conference's own wall clock. */
export const conferenceSchema = z
  .object({
    revision: z.coerce.number().int(),
    name: publicLine(200),
    startsOn: date.optional(),
    endsOn: date.optional(),
    timeZone: timeZoneSchema,
    /** On whose clock the times are meant, once the zone changes. */
    timesIn: z.string().max(64).optional(),
    opensAt: localTime.optional(),
    closesAt: localTime.optional(),
    refPrefix: refPrefixSchema.default(''),
    lettersWeeks: z.coerce.number().int().min(0).max(520).default(8),
  })
  .refine((value) => !value.startsOn || !value.endsOn || value.startsOn <= value.endsOn, {
    path: ['endsOn'],
    params: { key: 'error.endsBeforeStart' },
  })
  .refine((value) => !value.opensAt || !value.closesAt || value.opensAt < value.closesAt, {
    path: ['closesAt'],
    params: { key: 'error.closesBeforeOpens' },
  })
  .transform(({ opensAt, closesAt, ...rest }) => ({
    ...rest,
    opensAt: opensAt ? zonedToInstant(opensAt, rest.timeZone) : null,
    closesAt: closesAt ? zonedToInstant(closesAt, rest.timeZone) : null,
  }));
export type ConferenceInput = z.infer<typeof conferenceSchema>;

export const formatSchema = z.object({ name: publicLine(200), wordLimit: z.coerce.number().int().min(10).max(20_000) });
export const themeSchema = z.object({ name: publicLine(500) });

/** What a format or theme says, as its form remembers it: two tabs then do not overwrite each other silently. */
export function choiceText({ name, wordLimit }: { name: string; wordLimit?: number }): string {
  return JSON.stringify([name, wordLimit ?? null]);
}
