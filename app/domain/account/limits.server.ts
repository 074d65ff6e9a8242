import { instant } from '#db/ids';
import type { Write } from '#db/write';
import { DAY, HOUR, MINUTE } from '../clock';
import type { DomainContext } from '../context';
import { pseudonym } from '../secret.server';
import { logSecurity } from '../security-log.server';

/** How often something may be tried in a window. Told to people in the README. */
export const LIMITS = {
  /**
   * Mails with a link to one address, to sign in or to confirm a message: enough to mistype, too few to bury a mailbox.
   * Beyond it a link to sign in goes out where none works any more, at most one in the life of a link.
   */
  signInMail: { most: 5, window: HOUR },
  /** Beyond it, to all the spellings with dots of an address that nobody has confirmed: such can be made up. */
  signInMailSpelt: { most: 5, window: HOUR },
  /** Such mails asked for from one network: a whole congress may sit behind one address. */
  signInMailFrom: { most: 600, window: HOUR },
  /** And in the whole portal, from however many networks: beyond it they go to confirmed addresses alone. */
  signInMailAnywhere: { most: 10_000, window: HOUR },
  /** Forms of people who are signed out, kept for after: each may be half a megabyte. */
  keptFrom: { most: 100, window: HOUR },
  /**
   * Passwords tried for one address: from one network since the last right one, and from all networks. Whoever tries
   * somebody's address through cannot lock them out: a browser that they have signed in with has a count of its own.
   */
  password: { most: 10, window: 15 * MINUTE },
  passwordAnywhere: { most: 100, window: HOUR },
  passwordKnown: { most: 10, window: 15 * MINUTE },
  /** Passwords tried from one network: a whole congress may sit behind one address. */
  passwordFrom: { most: 300, window: 15 * MINUTE },
  /** The password that one's own account page asks for. */
  passwordAgain: { most: 10, window: 15 * MINUTE },
  /** Looks at new passwords, of which each takes a while. */
  passwordChange: { most: 30, window: HOUR },
  /** Challenges for passkeys given to one network: each visit of the sign-in page takes one. */
  passkeyFrom: { most: 3_000, window: HOUR },
  /** First messages of one person: conversations begun, and what follows in them before anybody else has written. */
  message: { most: 30, window: DAY },
  /** Answers of one person to people who write to them as well: they silence nobody else, so they are many. */
  answer: { most: 300, window: DAY },
  /** Answers by mail that are held, for one participant: strangers must not use up what the participant may send. */
  heldReply: { most: 10, window: DAY },
  /** First messages to one person from anyone whom they have not blocked. */
  messageTo: { most: 50, window: DAY },
  /** First messages on the web from one network, at one conference, and in the whole portal: what no congress reaches. */
  messageFrom: { most: 1_000, window: DAY },
  messageAt: { most: 5_000, window: DAY },
  messageAnywhere: { most: 20_000, window: DAY },
  /**
   * Mails that ask one person whether a paper is theirs; such mails caused by one account, to one person and to all; and
   * from one network. One account must not use up what others may ask a person.
   */
  authorAsked: { most: 6, window: DAY },
  authorAskedByOne: { most: 4, window: DAY },
  authorAskedBy: { most: 100, window: DAY },
  authorAskedFrom: { most: 300, window: DAY },
  /** Addresses that are new to one byline: nobody has so many co-authors, and each makes a mailbox. */
  bylineAddress: { most: 100, window: DAY },
  /** Reports by one participant. */
  report: { most: 20, window: DAY },
  /** Each proof of work is good once; it expires within this window. */
  proof: { most: 1, window: DAY },
} as const;

export type Limit = keyof typeof LIMITS;

/** Whoever has one IPv6 /64 often has the other 65,535 of a /48 too: together they may do so many times as much. */
export const WIDE_NETWORK = 4;

/** First messages of one writer to one person who has not written to them since. */
export const MAX_UNANSWERED = 3;

/** A limit that has been reached, and when there is room again. */
export interface Reached {
  limit: Limit;
  retryAt: Date;
}

/** Counts so many tries at once, or none where there is no room for all. */
export async function countMany(
  trx: Write,
  ctx: DomainContext,
  limit: Limit,
  who: string,
  times: number,
): Promise<Reached | null> {
  if (times === 0) return null;
  const { most, window } = LIMITS[limit];
  const key = pseudonym(ctx.config, `${limit}:${who}`);
  const row = await trx.selectFrom('attempts').selectAll().where('key', '=', key).executeTakeFirst();
  const until = row ? Date.parse(row.since) + window : 0;
  const used = row && until >= ctx.clock.now().getTime() ? row.count : 0;
  if (used + times > most) return { limit, retryAt: new Date(used > 0 ? until : ctx.clock.now().getTime() + window) };
  for (let time = 0; time < times; time++) await countUnder(trx, ctx, key, { most, window, what: limit, who });
  return null;
}

/**
 * Counts one try of all of these or of none: what one limit refuses uses up no other. Null while all hold. `within`: those
 * have to hold as well, and nothing is counted there.
 */
export async function countTogether(
  trx: Write,
  ctx: DomainContext,
  tries: readonly (readonly [what: Limit, who: string])[],
  within: readonly (readonly [what: Limit, who: string])[] = [],
): Promise<Reached | null> {
  const counters = [...tries, ...within].flatMap(([limit, who]) =>
    countersOf(ctx, limit, who).map((one) => ({ limit, ...one })),
  );
  const keys = counters.map(({ key }) => key);
  const rows = await trx.selectFrom('attempts').selectAll().where('key', 'in', keys).execute();
  const now = ctx.clock.now().getTime();
  for (const { limit, key, most } of counters) {
    const row = rows.find((one) => one.key === key);
    const until = row && Date.parse(row.since) + LIMITS[limit].window;
    if (row && until! >= now && row.count >= most) return { limit, retryAt: new Date(until!) };
  }
  for (const [limit, who] of tries) {
    // Somebody may have been faster since.
    const retryAt = await countAttempt(trx, ctx, limit, who);
    if (retryAt) return { limit, retryAt };
  }
  return null;
}

/**
 * Counts one try of `what` by or for `who`. Returns null while the limit holds, else when it may be tried again.
 * The counters are approximate by design: a fixed window, begun by the first try in it.
 */
export async function countAttempt(trx: Write, ctx: DomainContext, what: Limit, who: string): Promise<Date | null> {
  let retryAt: Date | null = null;
  for (const { key, most } of countersOf(ctx, what, who)) {
    const until = await countUnder(trx, ctx, key, { most, window: LIMITS[what].window, what, who });
    retryAt ??= until;
  }
  return retryAt;
}

/** Where a try is counted: once, and for a network that has a /64 in its /48 as well. */
function countersOf({ config }: DomainContext, what: Limit, who: string): { key: string; most: number }[] {
  const { most } = LIMITS[what];
  const own = { key: pseudonym(config, `${what}:${who}`), most };
  if (!what.endsWith('From') || !who.includes(':')) return [own];
  const wide = who.split(':').slice(0, 3).join(':');
  return [own, { key: pseudonym(config, `${what}:${wide}/48`), most: most * WIDE_NETWORK }];
}

async function countUnder(
  trx: Write,
  ctx: DomainContext,
  key: string,
  { most, window, what, who }: { most: number; window: number; what: Limit; who: string },
): Promise<Date | null> {
  const now = ctx.clock.now();
  const windowBegan = instant(new Date(now.getTime() - window));
  const row = await trx
    .insertInto('attempts')
    .values({ key, count: 1, since: instant(now) })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((eb) => ({
        count: eb
          .case()
          .when('attempts.since', '<', windowBegan)
          .then(1)
          .else(eb('attempts.count', '+', 1))
          .end(),
        since: eb
          .case()
          .when('attempts.since', '<', windowBegan)
          .then(instant(now))
          .else(eb.ref('attempts.since'))
          .end(),
      })),
    )
    .returning(['count', 'since'])
    .executeTakeFirstOrThrow();
  // Once a window: whoever goes on trying must not fill the log.
  if (row.count === most + 1)
    logSecurity(ctx, what === 'password' ? 'locked-out' : 'limit-reached', {
      what,
      ...(who && { address: who.split(' ')[0] }),
    });
  return row.count > most ? new Date(Date.parse(row.since) + window) : null;
}

/** Begins the count anew, as a right password does. */
export async function forgetAttempts(trx: Write, ctx: DomainContext, what: Limit, who: string): Promise<void> {
  await trx
    .deleteFrom('attempts')
    .where('key', '=', pseudonym(ctx.config, `${what}:${who}`))
    .execute();
}
