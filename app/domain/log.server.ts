import { type DestinationStream, type Logger, pino } from 'pino';

const ADDRESS = /[^\s"'<>(),:;\\]+(@|%40)[\p{L}\p{N}.-]+/giu;

/** The portal's log: JSON lines. Whatever looks like an address is blotted out on the way, wherever it came from. */
export function openLog(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['*.password', '*.token', '*.address', 'headers.cookie', 'headers.authorization'],
      hooks: { streamWrite: (line) => line.replace(ADDRESS, '[hidden]') },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}
