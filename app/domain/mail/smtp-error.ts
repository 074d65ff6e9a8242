/** What became of a try to send, and why, in words of our own: a server's text quotes the address. */
export interface SmtpFailure {
  /** deferred: try again. failed: never will. unknown: it may have been delivered. */
  outcome: 'deferred' | 'failed' | 'unknown';
  code: SmtpCode;
  /** The enhanced code of a server's answer to this mail (RFC 3463), if it gave one. */
  status?: string;
}

export type SmtpCode =
  /** The server answered with this code (RFC 5321, 4.2). */
  | `reply-${number}`
  | 'connection'
  | 'timeout'
  | 'dns'
  | 'tls'
  | 'auth'
  | 'protocol'
  | 'too-large'
  | 'address'
  | 'content'
  /** The connection ended after the final dot and before its answer. */
  | 'lost'
  | 'other';

/** Refusals that are about how the portal is set up, so that the mail can still go once that is mended (RFC 4954, 6). */
const SETUP_REPLIES = new Set([503, 530, 534, 535, 538]);

const BY_CODE: Record<string, SmtpFailure> = {
  ECONNECTION: { outcome: 'deferred', code: 'connection' },
  ESOCKET: { outcome: 'deferred', code: 'connection' },
  EPROXY: { outcome: 'deferred', code: 'connection' },
  ETIMEDOUT: { outcome: 'deferred', code: 'timeout' },
  EDNS: { outcome: 'deferred', code: 'dns' },
  ETLS: { outcome: 'deferred', code: 'tls' },
  EREQUIRETLS: { outcome: 'deferred', code: 'tls' },
  EAUTH: { outcome: 'deferred', code: 'auth' },
  ENOAUTH: { outcome: 'deferred', code: 'auth' },
  EOAUTH2: { outcome: 'deferred', code: 'auth' },
  EPROTOCOL: { outcome: 'deferred', code: 'protocol' },
  EMESSAGE: { outcome: 'failed', code: 'too-large' },
  EENVELOPE: { outcome: 'failed', code: 'address' },
  EFILEACCESS: { outcome: 'failed', code: 'content' },
  EURLACCESS: { outcome: 'failed', code: 'content' },
  ESTREAM: { outcome: 'failed', code: 'content' },
};

/** Codes that say that the server itself is out of reach, whichever mail is tried. */
const AWAY = new Set<string>(['connection', 'timeout', 'dns', 'tls', 'auth', 'protocol']);

export function isAway(code: string | null): boolean {
  return code !== null && AWAY.has(code);
}

export const AWAY_CODES: readonly string[] = [...AWAY];

/**
 * Reads a Nodemailer error. `handedOver`: the whole message had been written to the connection. Nodemailer reports a
 * connection that ends then just as one that ends before (ECONNECTION, no reply), so its caller must watch for it.
 */
export function smtpFailure(error: unknown, handedOver: boolean): SmtpFailure {
  const { code, responseCode, response } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: unknown;
    responseCode?: unknown;
    response?: unknown;
  };
  const known = typeof code === 'string' && Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
  const reply = typeof responseCode === 'number' && responseCode >= 400 && responseCode <= 599 ? responseCode : null;
  // An answer to this mail. A 5xx to the greeting or to a password is no verdict on the mail.
  if (reply !== null && (code === 'EENVELOPE' || code === 'EMESSAGE')) {
    if (SETUP_REPLIES.has(reply)) return { outcome: 'deferred', code: 'auth' };
    const status = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?!\d)/.exec(String(response ?? ''))?.[1];
    return { outcome: reply >= 500 ? 'failed' : 'deferred', code: `reply-${reply}`, ...(status && { status }) };
  }
  if (responseCode && (code === 'EENVELOPE' || code === 'EMESSAGE'))
    return { outcome: handedOver ? 'unknown' : 'deferred', code: 'protocol' };
  if (handedOver && reply === null) return { outcome: 'unknown', code: 'lost' };
  if (code === 'ESOCKET' && isAboutTls(error as object)) return { outcome: 'deferred', code: 'tls' };
  return known ?? { outcome: 'deferred', code: 'other' };
}

/** Nodemailer puts its own code over that of Node or OpenSSL: that of a certificate, or of a handshake that broke. */
function isAboutTls({ originalCode }: { originalCode?: unknown }): boolean {
  return typeof originalCode === 'string' && /CERT|SSL|TLS|^EPROTO$|UNABLE_TO/.test(originalCode);
}
