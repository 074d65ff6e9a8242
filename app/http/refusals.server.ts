import type { RequestContext } from '~/context.server';
import { logSecurity } from '~/domain/security-log.server';

const REFUSALS = [401, 403, 413, 429];

/** A line of the log for who was sent away: which page it was, without what is in its address. */
export function noteRefusal({ url, method }: Request, status: number, context: RequestContext): void {
  if (!REFUSALS.includes(status)) return;
  const { account, network } = context;
  logSecurity(context, 'refused', { status, what: `${method} ${pageOf(new URL(url).pathname)}`, account, network });
}

/** `/cas-2027/review/T0121` is `/…/review/…`: names of pages stay, and nothing that is one conference's or person's. */
function pageOf(pathname: string): string {
  return pathname
    .split('/')
    .slice(0, 6)
    .map((part) => (part === '' || PAGES.has(part) ? part : '…'))
    .join('/');
}

/** Of app/routes.ts, which is not there in the built portal; a test holds one to the other. */
export const PAGES = new Set(
  [
    'sign-in link sign-out account address security passkey passkeys challenge letters confirm authorship',
    'health metrics dev mail api inbound',
    'programme papers star message schedule messages part news export report submit submissions',
    'review decide byline conduct organise choices people',
  ].flatMap((line) => line.split(' ')),
);
