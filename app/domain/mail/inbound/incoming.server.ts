import { type Headers, readHeaders } from './headers';
import { type Parts, readParts } from './parts.server';
import type { RawMail } from './raw-mail.server';

/** What is read of a mail that came in, and nothing else of it goes anywhere. */
export interface Incoming extends Headers {
  /** Reads it to its end; nothing costly before somebody asks. */
  parts(): Promise<ReadParts>;
}

export type ReadParts = { ok: true; parts: Parts } | { ok: false; reason: 'too-complex' | 'unreadable' };

/**
 * Reads the headers of a message (RFC 5322); its parts (MIME) are read when they are asked for, once. Null: headers that
 * no mail program writes. Never throws, whatever comes.
 */
export function openIncoming(mail: RawMail, ownDomain: string): Incoming | null {
  const headers = readHeaders(mail.head, ownDomain);
  if (!headers) return null;
  let reading: Promise<ReadParts> | undefined;
  return {
    ...headers,
    parts() {
      reading ??= readParts(mail).then((parts) =>
        typeof parts === 'string' ? { ok: false, reason: parts } : { ok: true, parts },
      );
      return reading;
    },
  };
}
