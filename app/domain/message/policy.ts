import type { LettersFrom } from '#db/schema';
import { DAY } from '../clock';
import { zonedToInstant } from '../zoned-time';

/** Whether somebody may begin a thread with an author whose rule this is. */
export function takesLetters(rule: LettersFrom, writer: { participates: boolean }): boolean {
  return rule === 'participants' ? writer.participates : rule !== 'nobody';
}

/** The first instant at which people can write to each other no more; null: they always can. */
export function lettersEnd(conference: { endsOn: string | null; lettersWeeks: number; timeZone: string }): Date | null {
  if (!conference.endsOn) return null;
  const last = new Date(Date.parse(conference.endsOn) + (conference.lettersWeeks * 7 + 1) * DAY);
  return zonedToInstant(`${last.toISOString().slice(0, 10)}T00:00`, conference.timeZone);
}

/** `waiting`: has not said yet that the paper is theirs; `asked`: not yet whether they will read the message. */
export type Consent = 'waiting' | 'given' | 'asked' | 'declined';

export interface TakingPart {
  consent: Consent;
  leftAt: string | null;
}

/**
 * Why somebody cannot write in a thread now. `ended`: the conference is over for long enough; `suspended`, `closed`: its
 * conduct contacts have stopped the writer, or closed the thread; `left`, `undecided`: the writer has left it, or has not
 * said whether they will take part; `waiting`: those who were asked have not said yes; `alone`: nobody else is left;
 * `blocked`: the writer has blocked whoever is.
 */
export type Obstacle = 'ended' | 'suspended' | 'closed' | 'left' | 'undecided' | 'waiting' | 'alone' | 'blocked';

export function obstacle(
  thread: { closedAt: string | null },
  lettersEnd: Date | null,
  writer: TakingPart,
  others: (TakingPart & { blocked?: boolean })[],
  now: Date,
): Obstacle | null {
  if (lettersEnd && now >= lettersEnd) return 'ended';
  if (thread.closedAt) return 'closed';
  if (writer.leftAt) return 'left';
  if (writer.consent !== 'given') return 'undecided';
  const left = others.filter((other) => !other.leftAt);
  const there = left.filter((other) => !other.blocked);
  if (there.length === 0 && left.length > 0) return 'blocked';
  if (there.some((other) => other.consent === 'given')) return null;
  return there.length > 0 ? 'waiting' : 'alone';
}
