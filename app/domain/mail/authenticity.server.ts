import type { DNSResolver } from 'mailauth';
import type { Config } from '~/config.server';
import type { Headers } from './inbound/headers';
import type { RawMail } from './inbound/raw-mail.server';

/** Where a mail came from, as the connection that brought it knows. */
export interface Arrival {
  /** The peer's address; null where a front server's verdict is all there is. */
  ip: string | null;
  helo: string;
  returnPath: string;
}

/** `later`: the name system has not answered; it may tell when the mail comes again. */
export type Authenticity = 'proven' | 'unproven' | 'later';

/**
 * Whether the domain in From answers for this mail: DMARC passes (RFC 7489), here or by the verdict of the front
 * server whose authserv-id is configured (RFC 8601). "No policy" is no pass.
 */
export async function authenticityOf(
  config: Config,
  resolver: DNSResolver,
  raw: RawMail,
  mail: Headers,
  arrival: Arrival,
): Promise<Authenticity> {
  if (config.inbound?.authservId) return frontServerSaysSo(config.inbound.authservId, mail) ? 'proven' : 'unproven';
  if (!arrival.ip) return 'unproven';
  // Loaded by whoever takes mail: it and what it brings are a tenth of a web process's memory.
  const { authenticate } = await import('mailauth');
  const { dmarc, spf, dkim } = await authenticate(raw.open(), {
    ip: arrival.ip,
    helo: arrival.helo,
    sender: arrival.returnPath,
    mta: config.replyDomain,
    resolver,
    disableArc: true,
    disableBimi: true,
  });
  const results = [dmarc, spf, ...(dkim ? dkim.results : [])].map((one) => (one ? one.status.result : null));
  // Of a From that two parsers read differently, one has proven an address and the other is believed to have sent it.
  const proven = dkim ? dkim.headerFrom.map((address) => address.toLowerCase()) : [];
  const isSame = proven.length === 1 && proven[0] === mail.from[0]?.toLowerCase();
  if (dmarc && dmarc.status.result === 'pass') return isSame ? 'proven' : 'unproven';
  return results.includes('temperror') ? 'later' : 'unproven';
}

/** Only the topmost header counts: a front server puts its own above whatever came with the mail. */
function frontServerSaysSo(authservId: string, mail: Headers): boolean {
  // What the sender could have put into the verdict, an envelope sender say, stands in quotes or comments.
  const said = withoutAsides(mail.header('authentication-results')[0] ?? '');
  if (/["()\\]/.test(said)) return false;
  const [id = '', ...results] = said.split(';');
  if (id.trim().split(/\s/)[0]?.toLowerCase() !== authservId.toLowerCase()) return false;
  const [dmarc = '', ...more] = results.filter((result) => /^\s*dmarc\s*=/i.test(result));
  if (more.length > 0) return false;
  const domain = mail.from[0]?.split('@').at(-1)?.toLowerCase() ?? '';
  const claimed = /\sheader\.from\s*=\s*([a-z0-9.-]+)/i.exec(dmarc)?.[1]?.toLowerCase();
  return /^\s*dmarc\s*=\s*pass\b/i.test(dmarc) && claimed === domain;
}

/**
 * Without quoted strings and comments, which stand within comments (RFC 5322, 3.2.2 and 3.2.4). What does not end stands
 * for a blank to the end.
 */
function withoutAsides(text: string): string {
  let said = '';
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if ((quoted || depth > 0) && sign === '\\') at++;
    else if (quoted) quoted = sign !== '"';
    else if (sign === '(') depth++;
    else if (sign === ')' && depth > 0) depth--;
    else if (depth > 0) continue;
    else if (sign === '"') quoted = true;
    else said += sign;
  }
  return quoted || depth > 0 ? '' : said;
}
