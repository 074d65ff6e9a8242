import { expect, test } from 'vitest';
import { networkName } from '~/http/network';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:5123', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:0:0:5::9', '2001:db8:0:0'],
  ['2001:db8::1:2:3:4', '2001:db8:0:0'],
  ['2001:DB8::ffff', '2001:db8:0:0'],
  ['[2001:db8::7]:443', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
])('%s counts as %s', (address, network) => expect(networkName(address)).toBe(network));
