import type { Config } from '~/config.server';
import { readingsOf } from './gate';

/** What of the portal's addresses and links acts for whoever holds it, and so is as secret as an address. */
export interface OwnLinks {
  /** Whether one can be read out of a text, as it is or encoded. Linear in the text. */
  held(text: string): boolean;
  /** The text with each that stands there as it is taken out. */
  without(text: string): string;
  /** Whether a word is one, also as mail filters rewrite links. */
  isOne(word: string): boolean;
}

/** What stands in the place of what was taken out. */
export const TAKEN_OUT = '[…]';

/**
 * Paths whose last part is a token, the addresses that people answer to, and the form of the tokens themselves, which
 * need no path to be used.
 */
const PATHS = /\/(?:letters|authorship|confirm|sign-in\/link|account\/address)\/[\w.~-]{16,}/i;
const THREAD = /\/messages\/[0-9a-f]{8}-[0-9a-f-]{27}/i;
const LOCAL_PART = /(?<![0-9a-z])(?:r-[0-9a-v]{26}|b-[0-9a-v]{26}-[0-9a-v]{16})(?![0-9a-z])/i;
const SIGNED_ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\.(?:[0-9a-f]{8}-[0-9a-f-]{27}\.)?[\w-]{22}(?![\w-])/i;
const TOKENS = [PATHS, LOCAL_PART, SIGNED_ID];

export function ownLinks(config: Pick<Config, 'origin' | 'replyDomain'>): OwnLinks {
  const host = new URL(config.origin).host.toLowerCase();
  const domain = `@${config.replyDomain.toLowerCase()}`;
  const isOne = (word: string): boolean => {
    const plain = unescaped(word);
    if (TOKENS.some((token) => token.test(plain))) return true;
    const lower = plain.toLowerCase();
    return lower.includes(domain) || (lower.includes(host) && THREAD.test(plain));
  };
  return {
    isOne,
    held: (text) => readingsOf(text).some((reading) => TOKENS.some((token) => token.test(reading))),
    without: (text) => text.replace(/\S+/g, (word) => (isOne(word) ? around(word) : word)),
  };
}

/** Brackets and stops around a link are none of it. */
function around(word: string): string {
  const [before = ''] = /^[<([{"'«„“]{0,5}/u.exec(word) ?? [];
  const [after = ''] = /[>)\]}"'»“”.,;:!?]{0,5}$/u.exec(word.slice(before.length)) ?? [];
  return before + TAKEN_OUT + after;
}

/** Links within links are escaped, once or twice. */
function unescaped(word: string): string {
  let plain = word;
  for (let times = 0; times < 2 && plain.includes('%'); times++)
    plain = plain.replace(/(?:%[0-9a-f]{2})+/gi, (all) => Buffer.from(all.replaceAll('%', ''), 'hex').toString('utf8'));
  return plain;
}
