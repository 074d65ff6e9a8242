import { redirect } from '@remix-run/node';
import type { Id } from '#db/schema';
import type { RequestContext } from '~/context.server';
import { keptForm } from '~/domain/account/kept-forms.server';
import { ownMailboxes } from '~/domain/account/mailboxes.server';
import { viewerOf } from '~/domain/account/queries.server';
import { conferenceBySlug } from '~/domain/conference/queries.server';
import { setStar } from '~/domain/programme/commands.server';
import { redirectWithNotice } from '~/http/notice.server';
import { safeNext } from './gate.server';

/** Begins a session and goes to where the person was: with what they had typed, or with the star that they had set. */
export async function completeSignIn(
  context: RequestContext,
  accountId: Id<'account'>,
  next: string,
  notice?: Parameters<typeof redirectWithNotice>[1],
): Promise<Response> {
  const headers = { 'set-cookie': await context.sessions.begin(accountId) };
  const to = await replayStar(context, accountId, safeNext(next));
  notice ??= (await mailFails(context, accountId)) ? 'notice.mailFails' : undefined;
  return notice ? redirectWithNotice(to, notice, headers) : redirect(to, { status: 303, headers });
}

/** Whether nothing is sent any more to an address of theirs: they would wait for mail in vain. */
async function mailFails(context: RequestContext, accountId: Id<'account'>): Promise<boolean> {
  return (await ownMailboxes(context.db, accountId)).some((mailbox) => mailbox.suppressedAt);
}

/** A star is a whole act by itself, so it is done now; a form waits on its page to be sent again. */
async function replayStar(context: RequestContext, accountId: Id<'account'>, next: string): Promise<string> {
  const url = new URL(next, 'http://portal');
  const token = url.searchParams.get('kept');
  const kept = token && (await keptForm(context.db, context.clock, token));
  const [, slug, ref] = (kept && /^\/([^/]+)\/papers\/([^/]+)\/star$/.exec(kept.path)) || [];
  if (!kept || !slug || !ref) return next;
  const conference = await conferenceBySlug(context.db, slug);
  const starred = kept.fields.some(([name, value]) => name === 'starred' && value === '1');
  if (conference)
    await setStar(context, conference.id, decoded(ref), await viewerOf(context.db, accountId, ''), starred);
  url.searchParams.delete('kept');
  return url.pathname + url.search + url.hash;
}

/** A part of a path as the router reads it: what is not encoded well stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
