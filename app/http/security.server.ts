import { randomBytes } from 'node:crypto';
import type { Config } from '~/config.server';

export function newNonce(): string {
  return randomBytes(16).toString('base64url');
}

/**
 * Whether a POST comes from one of our own pages. Browsers send Origin with every POST; those that hide it say at
 * least Sec-Fetch-Site. What says neither is no browser, and refused as well.
 */
export function isSameOrigin(request: Request, origin: string): boolean {
  const claimed = request.headers.get('origin');
  if (claimed !== null) return claimed === origin;
  return request.headers.get('sec-fetch-site') === 'same-origin';
}

/** Sets what every response says. Without a nonce no script runs at all, as on the pages that are kept for everybody. */
export function secure(headers: Headers, config: Config, nonce: string | null): void {
  headers.set('content-security-policy', contentSecurityPolicy(nonce));
  for (const [name, value] of Object.entries(FIXED)) headers.set(name, value);
  if (config.origin.startsWith('https:')) headers.set('strict-transport-security', 'max-age=31536000');
  if (!headers.has('cache-control')) headers.set('cache-control', 'private, no-cache');
  headers.append('vary', 'Cookie, Accept-Language');
}

function contentSecurityPolicy(nonce: string | null): string {
  return [
    "default-src 'none'",
    nonce ? `script-src 'nonce-${nonce}' 'strict-dynamic'` : "script-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const FIXED: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  // Links carry tokens; other sites learn nothing. (`no-referrer` would make browsers hide the Origin of our forms.)
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), browsing-topics=()',
};
