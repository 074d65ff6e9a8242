import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import type { Config } from '~/config.server';

/** 160 random bits as text that is safe in a URL. */
export function newToken(): string {
  return randomBytes(20).toString('base64url');
}

/** How a token is stored: who reads the database cannot use it. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Encrypts what only the holder of a token is to read (AES-256-GCM, NIST SP 800-38D; its key by HKDF, RFC 5869). */
export function seal(token: string, text: string): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', keyOf(token), nonce);
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

/** What was sealed with this token. Throws where it was not, or was changed. */
export function unseal(token: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(token), bytes.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAuthTag(bytes.subarray(-TAG));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]).toString('utf8');
}

const NONCE = 12;
const TAG = 16;

function keyOf(token: string): Buffer {
  return Buffer.from(hkdfSync('sha256', token, '', 'seal', 32));
}

/** A name for something private (an address, a network) that cannot be turned back without the portal's key. */
export function pseudonym(config: Config, text: string): string {
  return createHmac('sha256', config.secretKeys[0] ?? '')
    .update(text)
    .digest('base64url');
}

/** 128 bits of HMAC-SHA-256 (RFC 2104) by the newest of the portal's keys. */
export function sign(config: Config, text: string): string {
  return signature(config.secretKeys[0] ?? '', text);
}

/** Whether that text was signed, by any of the keys: an older one is good until it is taken out of the settings. */
export function isSigned(config: Config, text: string, signed: string): boolean {
  const claimed = Buffer.from(signed);
  return config.secretKeys.some((key) => {
    const good = Buffer.from(signature(key, text));
    return good.length === claimed.length && timingSafeEqual(good, claimed);
  });
}

function signature(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest().subarray(0, 16).toString('base64url');
}
