import type { Database } from '#db/open';
import type { Id, Role } from '#db/schema';
import type { Config } from '~/config.server';
import { pseudonym } from '../secret.server';
import { mailboxIdsOf, mailboxOwner } from './mailbox-owners.server';
import type { Viewer } from './viewer';

/** The account as a viewer: who they are, their mailboxes' ids and their roles. */
export async function viewerOf(db: Database, accountId: Id<'account'>, name: string): Promise<Viewer> {
  const [mailboxIds, roles] = await Promise.all([
    mailboxIdsOf(db, accountId),
    db
      .selectFrom('memberships')
      .select(['conference_id as conferenceId', 'role'])
      .where('account_id', '=', accountId)
      .limit(500)
      .execute(),
  ]);
  return { accountId, name, mailboxIds, roles };
}

/** The name of a mailbox's owner; empty where it has none, or has not said it. */
export async function ownerName(db: Database, mailboxId: Id<'mailbox'>): Promise<string> {
  const { accountId } = await mailboxOwner(db, mailboxId);
  if (!accountId) return '';
  const account = await db.selectFrom('accounts').select('name').where('id', '=', accountId).executeTakeFirst();
  return account?.name ?? '';
}

export interface Member {
  accountId: Id<'account'>;
  name: string;
  role: Role;
}

/**
 * Names a person in one role to an organiser. The account's id would tell when the account was made, and so whether an
 * address that was just invited was known before; it would also show two addresses to be one person's.
 */
export function memberKey(config: Config, conferenceId: Id<'conference'>, member: Member): string {
  return pseudonym(config, `member:${conferenceId}:${member.role}:${member.accountId}`);
}

/** Those who work for a conference: reviewers, organisers and conduct contacts, under the names by which they were invited. */
export async function staffOf(db: Database, conferenceId: Id<'conference'>): Promise<Member[]> {
  return db
    .selectFrom('memberships')
    .innerJoin('accounts', 'accounts.id', 'memberships.account_id')
    .select((eb) => [
      'accounts.id as accountId',
      eb.fn.coalesce('memberships.invited_as', 'accounts.name').as('name'),
      'memberships.role',
    ])
    .where('conference_id', '=', conferenceId)
    .where('role', 'in', ['reviewer', 'organiser', 'conduct'])
    .orderBy('memberships.role')
    .orderBy('memberships.created_at')
    .limit(500)
    .execute();
}

export async function hasPassword(db: Database, accountId: Id<'account'>): Promise<boolean> {
  const row = await db
    .selectFrom('accounts')
    .select('password_hash')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  return row.password_hash !== null;
}

/** The zone on whose clock a person lives, where they have said it. */
export async function zoneOf(db: Database, accountId: Id<'account'>): Promise<string | null> {
  const account = await db.selectFrom('accounts').select('quiet_zone').where('id', '=', accountId).executeTakeFirst();
  return account?.quiet_zone ?? null;
}
