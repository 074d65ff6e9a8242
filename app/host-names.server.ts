import { BlockList, isIP } from 'node:net';

/** Names that are known on one machine or in one network only (RFC 6761, RFC 6762, RFC 8375, and custom). */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|private|home\.arpa)$/;
/** Names that lead nowhere (RFC 2606). */
const RESERVED_NAME = /(^|\.)(example|invalid|test|example\.(com|net|org))$/;

const loopback = networks([
  ['127.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
]);
/** RFC 1918, RFC 3927, RFC 6598; RFC 4193, RFC 4291. */
const privateNetworks = networks([
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
]);

/** Whether a name or address, as URLs write it, is this machine's own. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || isIn(loopback, hostname);
}

/** Whether the domain name system might know a name beyond this network. Addresses are no names. */
export function isPublicName(hostname: string): boolean {
  return /\.[a-z][a-z0-9-]+$/i.test(hostname) && !PRIVATE_NAME.test(hostname.toLowerCase());
}

/** Whether strangers might reach what is served there; `0.0.0.0` and `::` are every address of the machine. */
export function isPublic(hostname: string): boolean {
  if (isIP(bare(hostname))) return !isIn(loopback, hostname) && !isIn(privateNetworks, hostname);
  return isPublicName(hostname) && !RESERVED_NAME.test(hostname.toLowerCase());
}

function isIn(list: BlockList, hostname: string): boolean {
  const address = bare(hostname);
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** An IPv6 address stands in brackets in a URL. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function networks(all: [string, number, 'ipv4' | 'ipv6'][]): BlockList {
  const list = new BlockList();
  for (const [address, prefix, family] of all) list.addSubnet(address, prefix, family);
  return list;
}
