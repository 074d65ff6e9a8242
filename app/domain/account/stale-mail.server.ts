import { instant } from '#db/ids';
import type { Id, Role } from '#db/schema';
import type { DomainContext } from '../context';
import type { ClaimedLetter } from '../mail/claims.server';
import { type Objection, SUPERSEDED } from '../mail/outbox.server';

type Letter = Pick<ClaimedLetter, 'id' | 'kind' | 'mailbox_id' | 'conference_id' | 'dedupe_key'>;

/** What stands against a mail with a link as it is about to go: the link has been used, or works no more. */
export async function staleLinks(
  { db, clock }: DomainContext,
  letters: readonly Letter[],
): Promise<Map<Id<'outbox'>, Objection>> {
  const linkOf = ({ dedupe_key }: Letter) => dedupe_key.slice('link:'.length) as Id<'link'>;
  const linked = letters.filter(({ dedupe_key }) => dedupe_key.startsWith('link:'));
  if (linked.length === 0) return new Map();
  const rows = await db
    .selectFrom('links')
    .select('id')
    .where('id', 'in', linked.map(linkOf))
    .where('used_at', 'is', null)
    .where('expires_at', '>', instant(clock.now()))
    .execute();
  const live = new Set(rows.map((row) => row.id));
  return superseded(linked.filter((letter) => !live.has(linkOf(letter))));
}

/** What stands against an invitation: the role has been taken back since. */
export async function staleInvitations(
  { db }: DomainContext,
  letters: readonly Letter[],
): Promise<Map<Id<'outbox'>, Objection>> {
  // invite:<conference>:<role>:<mailbox>:<day>
  const roleOf = ({ dedupe_key }: Letter) => dedupe_key.split(':')[2] as Role;
  const invitations = letters.filter(({ kind, conference_id }) => kind === 'invitation' && conference_id !== null);
  if (invitations.length === 0) return new Map();
  const rows = await db
    .selectFrom('mailboxes')
    .innerJoin('memberships', 'memberships.account_id', 'mailboxes.account_id')
    .select(['mailboxes.id', 'conference_id', 'role'])
    .where(
      'mailboxes.id',
      'in',
      invitations.map((letter) => letter.mailbox_id),
    )
    .execute();
  const holding = new Set(rows.map((row) => `${row.id} ${row.conference_id} ${row.role}`));
  return superseded(
    invitations.filter((letter) => !holding.has(`${letter.mailbox_id} ${letter.conference_id} ${roleOf(letter)}`)),
  );
}

function superseded(letters: readonly Letter[]): Map<Id<'outbox'>, Objection> {
  return new Map(letters.map(({ id }) => [id, { outcome: 'cancelled', code: SUPERSEDED }]));
}
