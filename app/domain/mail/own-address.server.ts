import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Id } from '#db/schema';
import type { Config } from '~/config.server';

/** What an address of the portal's own domain stands for. */
export type OwnAddress = { kind: 'reply'; token: string } | { kind: 'bounce'; outboxId: Id<'outbox'> };

/** 128 random bits in 26 characters (RFC 4648, 7, in lower case): mail servers may change the case of what they carry. */
export function newReplyToken(): string {
  return base32(randomBytes(16));
}

/** Where a participant's answers go. Within the 64 characters of a local part (RFC 5321, 4.5.3.1.1), as the next is. */
export function replyAddress(config: Config, token: string): string {
  return `r-${token}@${config.replyDomain}`;
}

/** The envelope sender of a letter, and so where reports of its failure go: signed, so that nobody can invent one. */
export function bounceAddress(config: Config, outboxId: Id<'outbox'>): string {
  return `b-${base32(Buffer.from(outboxId.replaceAll('-', ''), 'hex'))}-${signature(config.secretKeys[0]!, outboxId)}@${config.replyDomain}`;
}

/** Null: no address of ours, or one that we have not signed. A signature by an older key is good. */
export function readOwnAddress(config: Config, address: string): OwnAddress | null {
  const at = address.lastIndexOf('@');
  if (address.slice(at + 1).toLowerCase() !== config.replyDomain.toLowerCase()) return null;
  const local = address.slice(0, at).toLowerCase();
  const reply = /^r-([0-9a-v]{26})$/.exec(local);
  if (reply) return { kind: 'reply', token: reply[1]! };
  const [, id, signed] = /^b-([0-9a-v]{26})-([0-9a-v]{16})$/.exec(local) ?? [];
  if (!id || !signed) return null;
  const outboxId = uuid(id) as Id<'outbox'>;
  const good = config.secretKeys.some((key) =>
    timingSafeEqual(Buffer.from(signature(key, outboxId)), Buffer.from(signed)),
  );
  return good ? { kind: 'bounce', outboxId } : null;
}

function signature(key: string, outboxId: string): string {
  return base32(createHmac('sha256', key).update(`bounce:${outboxId}`).digest().subarray(0, 10));
}

function base32(bytes: Uint8Array): string {
  const digits = Math.ceil((bytes.length * 8) / 5);
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
    .toString(32)
    .padStart(digits, '0');
}

function uuid(text: string): string {
  let value = 0n;
  for (const digit of text) value = value * 32n + BigInt(Number.parseInt(digit, 32));
  const hex = value.toString(16).padStart(32, '0');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
