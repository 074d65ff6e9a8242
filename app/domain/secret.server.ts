import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Config } from '~/config.server';

/** 160 random bits as text that is safe in a URL. */
export function newToken(): string {
  return randomBytes(20).toString('base64url');
}

/** How a token is stored: who reads the database cannot use it. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** A name for something private (an address, a network) that cannot be turned back without the portal's key. */
export function pseudonym(config: Config, text: string): string {
  return createHmac('sha256', config.secretKeys[0] ?? '')
    .update(text)
    .digest('base64url');
}
