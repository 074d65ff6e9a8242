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

/** What every answer says, pages, files, errors and machines' doors alike. Whoever knows better says something else. */
export function headersOfEveryAnswer(config: Config): Record<string, string> {
  return {
    ...FIXED,
    ...(config.origin.startsWith('https:') && {
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
    }),
    'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
  };
}

/** Sets what every page says. Without a nonce no script runs at all, as on the pages that are kept for everybody. */
export function securePage(headers: Headers, config: Config, nonce: string | null): void {
  if (!headers.has('cache-control')) headers.set('cache-control', 'private, no-cache');
  headers.set('content-security-policy', contentSecurityPolicy(nonce));
  headers.append('vary', 'Cookie, Accept-Language');
  secure(headers, config);
}

/** Sets what every answer says and this one does not say by itself. */
export function secure(headers: Headers, config: Config): void {
  for (const [name, value] of Object.entries(headersOfEveryAnswer(config)))
    if (!headers.has(name)) headers.set(name, value);
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
