import type { Id, Role } from '#db/schema';
import type { DomainContext } from './context';
import { pseudonym } from './secret.server';

/** What whoever runs the portal may want to see or count. `refused`: somebody was sent away by the portal's rules. */
export const SECURITY_EVENTS = [
  'sign-in',
  'sign-in-refused',
  'signed-out',
  'locked-out',
  'limit-reached',
  'password-set',
  'password-removed',
  'account-changed',
  'role-given',
  'role-taken',
  'refused',
] as const;
export type SecurityEvent = (typeof SECURITY_EVENTS)[number];

interface Details {
  /** Who did it, or whose it is; of roles `by` gives and takes. */
  account?: Id<'account'> | null;
  by?: Id<'account'> | 'password' | 'link' | 'passkey' | 'message' | 'command line';
  conference?: Id<'conference'>;
  role?: Role;
  /** Which limit, or which part of the portal. */
  what?: string;
  status?: number;
  everywhere?: boolean;
  /**
   * Logged as names that cannot be turned back into them: the same address (or whatever else a limit counts by) or network
   * has the same name.
   */
  address?: string;
  network?: string;
}

/** Writes a line of the log: ids and made-up names, neither address nor token. */
export function logSecurity(
  ctx: Pick<DomainContext, 'config' | 'log'>,
  event: SecurityEvent,
  { address, network, ...details }: Details,
): void {
  const line = {
    event,
    ...details,
    ...(address !== undefined && { whom: nameOf(ctx, address.toLowerCase()) }),
    ...(network !== undefined && { from: nameOf(ctx, network) }),
  };
  if (QUIET.has(event)) ctx.log.info(line, 'security');
  else ctx.log.warn(line, 'security');
}

const QUIET = new Set<SecurityEvent>([
  'sign-in',
  'signed-out',
  'password-set',
  'password-removed',
  'account-changed',
  'account-changed',
  'role-given',
  'role-taken',
]);

/** Short enough to be read, and to be told from a token. */
function nameOf({ config }: Pick<DomainContext, 'config'>, text: string): string {
  return pseudonym(config, `log:${text}`).slice(0, 12);
}
