import { isIP } from 'node:net';
import type { Config } from '~/config.server';

/** For whom passkeys are good: the portal as browsers reach it (WebAuthn Level 3, 5.1.2). */
export interface RelyingParty {
  origin: string;
  /** The RP ID: the very host, not its domain, whose other hosts are none of ours. */
  id: string;
}

/** Null: browsers make no passkeys for a host that is a number. */
export function relyingParty({ origin }: Pick<Config, 'origin'>): RelyingParty | null {
  const { hostname } = new URL(origin);
  return isIP(hostname.replace(/^\[|\]$/g, '')) ? null : { origin, id: hostname };
}
