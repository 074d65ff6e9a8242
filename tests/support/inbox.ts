import { addressKey } from '~/domain/account/schema';
import type { DomainContext } from '~/domain/context';

/** What was queued for an address, oldest first. */
export function letters(ctx: DomainContext, address: string) {
  return ctx.db
    .selectFrom('outbox')
    .innerJoin('mailboxes', 'mailboxes.id', 'outbox.mailbox_id')
    .selectAll('outbox')
    .where('address_key', '=', addressKey(address))
    .orderBy('outbox.id')
    .execute();
}

/** The path of the link in the newest letter to an address. */
export async function newestLink(ctx: DomainContext, address: string): Promise<string> {
  const letter = (await letters(ctx, address)).at(-1);
  const url = /https:\/\/\S+/.exec(letter?.text ?? '')?.[0];
  if (!url) throw new Error(`No letter with a link to ${address}`);
  const { pathname, search } = new URL(url);
  return pathname + search;
}
