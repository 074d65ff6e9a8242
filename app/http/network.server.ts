import type { IncomingMessage } from 'node:http';

/** The network that limits count: the /24 of an IPv4 address or the /64 of an IPv6 one, behind a trusted proxy the one it names. */
export function networkOf(req: Pick<IncomingMessage, 'headers' | 'socket'>, trustProxy: boolean): string {
  const forwarded = trustProxy
    ? String(req.headers['x-forwarded-for'] ?? '')
        .split(',')
        .at(-1)
        ?.trim()
    : '';
  const address = withoutPort(forwarded || req.socket.remoteAddress || '').replace(/^::ffff:(?=\d+\.)/i, '');
  return address.includes(':') ? prefix64(address) : prefix24(address);
}

/** What providers and clouds hand out together. */
function prefix24(address: string): string {
  return address.split('.').slice(0, 3).join('.');
}

/** Some proxies name the port as well: `192.0.2.7:4711`, `[2001:db8::1]:4711`. */
function withoutPort(address: string): string {
  return address.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1');
}

/** One subscriber has a whole /64 to choose from, however each address of it is written (RFC 4291, 2.2; RFC 6177). */
function prefix64(address: string): string {
  const [before = [], behind] = address.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Math.max(0, 8 - before.length - (behind?.length ?? 8));
  return [...before, ...Array<string>(zeros).fill('0'), ...(behind ?? [])]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
