import { expect, test } from 'vitest';
import { networkOf } from '~/http/network.server';

test.each([
  ['192.0.2.7', '192.0.2'],
  ['::ffff:192.0.2.7', '192.0.2'],
  ['2001:db8:0:1:a:b:c:d', '2001:db8:0:1'],
  ['2001:db8:0:1::7', '2001:db8:0:1'],
  ['2001:0DB8::1', '2001:db8:0:0'],
  ['2001:db8::2', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['1:2:3:4:5:6:7:8:9::', '1:2:3:4'],
])('limits count %s as %s', (remoteAddress, network) => {
  expect(networkOf(from(remoteAddress), false)).toBe(network);
});

test('behind a trusted proxy the last address that it names counts, and only there', () => {
  const req = from('127.0.0.1', '198.51.100.1, 203.0.113.9');
  expect([networkOf(req, true), networkOf(req, false)]).toEqual(['203.0.113', '127.0.0']);
});

test.each([
  ['203.0.113.9:4711', '203.0.113'],
  ['[2001:db8::1]:4711', '2001:db8:0:0'],
  ['[2001:db8::1]', '2001:db8:0:0'],
])('a proxy that names the port too, %s, names %s', (forwarded, network) => {
  expect(networkOf(from('127.0.0.1', forwarded), true)).toBe(network);
});

function from(remoteAddress: string, forwarded?: string) {
  return { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress } } as unknown as Parameters<
    typeof networkOf
  >[0];
}
