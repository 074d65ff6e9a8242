/**
 * An IPv4 address, or the /64 of an IPv6 one, which is what one subscriber has. Proxies may add a port, and an address
 * may leave its zeros out: `2001:db8::1` and `2001:db8:0:0:5::9` are of one network.
 */
export function networkName(address: string): string {
  const bare = address.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1');
  const mapped = bare.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!mapped.includes(':')) return mapped;
  const [before = '', after] = mapped.split('%')[0]!.split('::');
  const head = before.split(':').filter(Boolean);
  const tail = after?.split(':').filter(Boolean) ?? [];
  // A tail written as IPv4 stands for two groups; it lies beyond the first four in any case but the count needs it.
  const room = 8 - head.length - tail.length - (tail.at(-1)?.includes('.') ? 1 : 0);
  const groups = after === undefined ? head : [...head, ...Array<string>(Math.max(room, 0)).fill('0'), ...tail];
  return groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
}
