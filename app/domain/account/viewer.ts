import type { Id, Role } from '#db/schema';

/** Who is looking. Everything that decides what a person may see or do takes this, never a session or an address. */
export interface Viewer {
  accountId: Id<'account'>;
  name: string;
  mailboxIds: readonly Id<'mailbox'>[];
  roles: readonly { conferenceId: Id<'conference'>; role: Role }[];
}

export function hasRole(viewer: Viewer | null, conferenceId: Id<'conference'>, ...roles: Role[]): boolean {
  return viewer?.roles.some((held) => held.conferenceId === conferenceId && roles.includes(held.role)) ?? false;
}

/** Whether that person takes part in a conference in any role at all. */
export function hasAnyRole(viewer: Viewer | null, conferenceId: Id<'conference'>): boolean {
  return viewer?.roles.some((held) => held.conferenceId === conferenceId) ?? false;
}
