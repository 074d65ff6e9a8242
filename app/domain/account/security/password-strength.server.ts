import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import type { Database } from '#db/open';
import type { Config } from '~/config.server';
import { turn } from '../../turn';
import { ownMailboxes } from '../mailboxes.server';
import type { Viewer } from '../viewer';

/** What is wrong with a password: it is made of words that belong to its owner or the portal; or it is easy to guess. */
export type Weakness = 'context' | 'common';

/** Fewer than 10^8 guesses: what zxcvbn's authors call "somewhat guessable". */
const MIN_SCORE = 3;
/** What of a password is looked at: the work grows with its square. Who has typed more has typed enough. */
const MAX_LOOKED_AT = 64;
/** Portals have their own words too, and "password" is one in every language. */
const PORTAL = ['colloquy', 'conference', 'portal', 'abstract', 'submission', 'organiser', 'organizer', 'reviewer'];
const PASSWORD = ['password', 'passwort', 'пароль', 'парол', 'құпиясөз', 'contraseña', 'motdepasse', 'parola', 'senha'];

/**
 * Looks a new password over as NIST SP 800-63B-4, 3.1.1.2 asks: against what has been breached and what is common, and
 * against words of this context; no rules on which kinds of characters it holds. At most about a tenth of a second.
 */
export async function weaknessOf(password: string, context: readonly string[]): Promise<Weakness | null> {
  const zxcvbn = await estimator();
  const words = [...new Set([...PORTAL, ...context.flatMap(wordsIn)])];
  // Blanks, dots and dashes between words make none of them harder to guess.
  const joined = password.replace(/[\s\p{P}]+/gu, '');
  if (isMadeOf(joined, words)) return 'context';
  const looks = [password, joined].filter((one, index, all) => one !== '' && all.indexOf(one) === index);
  for (const look of looks) {
    await turn();
    const { score, sequence } = zxcvbn.check(look.slice(0, MAX_LOOKED_AT), [...words, ...PASSWORD]);
    if (score >= MIN_SCORE) continue;
    const own = sequence.some(
      ({ dictionaryName, matchedWord }) => dictionaryName === 'userInputs' && !PASSWORD.includes(String(matchedWord)),
    );
    return own ? 'context' : 'common';
  }
  return null;
}

/** Whether next to nothing is left without such words, figures and signs. However many there are, they are few to try. */
function isMadeOf(joined: string, words: readonly string[]): boolean {
  let rest = joined.slice(0, MAX_LOOKED_AT).toLowerCase();
  const longestFirst = words.filter((word) => word.length >= 3).sort((one, other) => other.length - one.length);
  for (const word of longestFirst) rest = rest.replaceAll(word, '\0');
  return [...rest.replace(/[^\p{L}\p{M}]+/gu, '')].length < MIN_LEFT && rest.includes('\0');
}

const MIN_LEFT = 5;

/** The words that a password of this person's must not be made of: their name, their addresses, their conferences. */
export async function contextWords(db: Database, config: Config, viewer: Viewer): Promise<string[]> {
  const [mailboxes, conferences] = await Promise.all([
    ownMailboxes(db, viewer.accountId),
    db
      .selectFrom('memberships')
      .innerJoin('conferences', 'conferences.id', 'memberships.conference_id')
      .select(['conferences.name', 'conferences.slug'])
      .where('account_id', '=', viewer.accountId)
      .limit(50)
      .execute(),
  ]);
  return [
    viewer.name,
    new URL(config.origin).hostname,
    ...mailboxes.map((mailbox) => mailbox.reveal()),
    ...conferences.flatMap(({ name, slug }) => [name, slug]),
  ];
}

/** A text as it stands, run together, and in words. */
function wordsIn(text: string): string[] {
  const lower = text.toLowerCase().slice(0, 300);
  const words = lower.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word.length >= 3);
  return [lower, words.join(''), ...words].filter((word) => /\p{L}/u.test(word));
}

let made: Promise<ZxcvbnFactory> | null = null;

/** The lists take 60 MB and a third of a second: nobody pays that before a first password is set. */
function estimator(): Promise<ZxcvbnFactory> {
  made ??= makeEstimator();
  return made;
}

async function makeEstimator(): Promise<ZxcvbnFactory> {
  const [core, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ]);
  return new core.ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    maxLength: MAX_LOOKED_AT,
    l33tMaxSubstitutions: 20,
  });
}
