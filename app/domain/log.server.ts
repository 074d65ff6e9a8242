import { format } from 'node:util';
import { type DestinationStream, type Logger, pino } from 'pino';

const ADDRESS = /[^\s"'<>(),:;\\]+(@|%40)[\p{L}\p{N}.-]+/giu;
/** What stands behind these in an address opens something by itself. */
const LINK =
  /((?:\/|%2F)(?:sign-in(?:\/|%2F)link|account(?:\/|%2F)address|letters|confirm|authorship)(?:\/|%2F)|[?&](?:kept|token)=)[^\s"'\\&#?]+/gi;
const WORD = /[\w-]{24,}/g;

/** The portal's log: JSON lines. Whatever looks like an address or a token is blotted out on the way, wherever it came from. */
export function openLog(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['*.password', '*.token', '*.address', 'headers.cookie', 'headers.authorization'],
      hooks: { streamWrite: redacted },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

/**
 * What libraries complain of to the console goes to the log instead: Remix quotes addresses of pages, and so tokens, there.
 * Returns what undoes that.
 */
export function consoleToLog(log: Logger, sink: Pick<Console, 'warn' | 'error'> = globalThis.console): () => void {
  const { warn, error } = sink;
  sink.warn = (...said: unknown[]) => log.warn({ from: 'console' }, format(...said));
  sink.error = (...said: unknown[]) => log.error({ from: 'console' }, format(...said));
  return () => {
    sink.warn = warn;
    sink.error = error;
  };
}

function redacted(line: string): string {
  return line
    .replace(LINK, '$1[hidden]')
    .replace(ADDRESS, '[hidden]')
    .replace(WORD, (word) => (isRandom(word) ? '[hidden]' : word));
}

/** Tokens, session ids and reply tokens; not names in a stack, nor ids (UUIDs). */
function isRandom(word: string): boolean {
  if (/\d/.test(word) && /[a-z]/.test(word) && /[A-Z]/.test(word)) return true;
  return !word.includes('-') && !word.includes('_') && (word.match(/\d/g)?.length ?? 0) >= 3;
}
