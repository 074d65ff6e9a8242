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
  /** Such mails asked for from one network: a whole congress may sit behind one address. */
  signInMailFrom: { most: 600, window: HOUR },
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
  /** Messages that one person may start or answer. */
  message: { most: 30, window: DAY },
  /** Answers by mail that are held, for one participant: strangers must not use up what the participant may send. */
  heldReply: { most: 10, window: DAY },
  /** Messages to one person from anyone. */
  messageTo: { most: 50, window: DAY },
  /** Messages on the web from one network, at one conference, and in the whole portal: what no congress reaches. */
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
  /** Reports by one participant. */
  report: { most: 20, window: DAY },
  /** Each proof of work is good once; it expires within this window. */
  proof: { most: 1, window: DAY },
} as const;

/**
 * Counts one try of `what` by or for `who`. Returns null while the limit holds, else when it may be tried again.
 * The counters are approximate by design: a fixed window, begun by the first try in it.
 */
export async function countAttempt(
  trx: Write,
  ctx: DomainContext,
  what: keyof typeof LIMITS,
  who: string,
): Promise<Date | null> {
  const { most, window } = LIMITS[what];
  const key = pseudonym(ctx.config, `${what}:${who}`);
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
    logSecurity(ctx, what === 'password' ? 'locked-out' : 'limit-reached', { what, ...(who && { address: who }) });
  return row.count > most ? new Date(Date.parse(row.since) + window) : null;
}

/** Begins the count anew, as a right password does. */
export async function forgetAttempts(
  trx: Write,
  ctx: DomainContext,
  what: keyof typeof LIMITS,
  who: string,
): Promise<void> {
  await trx
    .deleteFrom('attempts')
    .where('key', '=', pseudonym(ctx.config, `${what}:${who}`))
    .execute();
}
