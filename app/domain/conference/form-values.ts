import { z } from 'zod';
import { merge } from '../merge';
import { instantToZoned } from '../zoned-time';
import type { Conference } from './queries.server';

/** A conference as its organisers' form holds it. Times are on the clock of its own zone. */
export function formValues(conference: Conference) {
  const local = (at: string | null) => (at ? instantToZoned(new Date(at), conference.timeZone) : '');
  return {
    revision: String(conference.revision),
    name: conference.name,
    startsOn: conference.startsOn ?? '',
    endsOn: conference.endsOn ?? '',
    timeZone: conference.timeZone,
    timesIn: '',
    opensAt: local(conference.opensAt),
    closesAt: local(conference.closesAt),
    refPrefix: conference.refPrefix,
    lettersWeeks: String(conference.lettersWeeks),
  };
}

export type ConferenceForm = ReturnType<typeof formValues>;

/**
 * An organiser's form beside what another has saved since it was read: what it has not touched is as `theirs`, what both
 * have touched is as `typed`, and a conflict. `was`: what the form was read from, as it has come back from it.
 */
export function mergeForms(
  was: unknown,
  typed: Record<string, unknown>,
  theirs: ConferenceForm,
): { merged: ConferenceForm; conflicts: (keyof ConferenceForm)[] } {
  const names = Object.keys(theirs) as (keyof ConferenceForm)[];
  const mine = Object.fromEntries(names.map((name) => [name, String(typed[name] ?? theirs[name])])) as ConferenceForm;
  const read = formWas.safeParse(was);
  const base = read.success ? { ...theirs, ...read.data } : null;
  const { taken, conflicts } = merge(base && compared(base), compared(mine), compared(theirs), TOGETHER);
  const others = Object.fromEntries(taken.map((name) => [name, theirs[name]]));
  return { merged: { ...mine, ...others, revision: theirs.revision }, conflicts };
}

/** But for what says of the form alone. */
function compared(form: ConferenceForm): ConferenceForm {
  return { ...form, revision: '', timesIn: '' };
}

/** A time says little without its zone, and a first day without the last. */
const TOGETHER = [
  ['timeZone', 'opensAt', 'closesAt'],
  ['startsOn', 'endsOn'],
] as const;

/** What the form was read from. */
const formWas = z
  .string()
  .max(5_000)
  .transform((text, ctx): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      ctx.addIssue({ code: 'custom' });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.string()));
