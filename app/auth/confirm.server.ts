import type { RequestContext } from '~/context.server';
import {
  confirmOwner,
  type OwnersWord,
  requestFreshLink,
  type Unconfirmed,
} from '~/domain/account/security/confirm-owner.server';
import type { Viewer } from '~/domain/account/viewer';
import { redirectWithNotice } from '~/http/notice.server';
import { limitSentence } from '~/http/sentences.server';
import { anchored } from '~/paths';

/** What a request shows of its sender being the owner of their account. Only for who is signed in. */
export async function ownersWord(context: RequestContext, password?: string): Promise<OwnersWord> {
  const session = await context.session();
  if (!session) throw new Error('Nobody is signed in');
  return { session, password };
}

/** What a form says of a word that was missing or wrong, at which of its fields, and with which status. */
export function unconfirmed(
  context: RequestContext,
  refusal: Unconfirmed,
  hasPassword: boolean,
): { errors: { fieldErrors: { currentPassword: string[] } } | { formErrors: string[] }; status: 403 | 422 | 429 } {
  if (refusal.reason === 'limit')
    return { errors: { formErrors: [limitSentence(context, refusal.retryAt)] }, status: 429 };
  if (!hasPassword) return { errors: { formErrors: [context.t('account.linkFirst')] }, status: 403 };
  const sentence = context.t(refusal.reason === 'wrong' ? 'error.currentWrong' : 'error.currentNeeded');
  return { errors: { fieldErrors: { currentPassword: [sentence] } }, status: refusal.reason === 'wrong' ? 422 : 403 };
}

/** Takes the password of now as its owner's word, for ten minutes and in a new session; or says why not. */
export async function confirmByPassword(
  context: RequestContext,
  request: Request,
  viewer: Viewer,
  password: string | undefined,
  here: string,
): Promise<Response | Unconfirmed> {
  const confirmed = await confirmOwner(context, viewer.accountId, await ownersWord(context, password));
  return confirmed.ok ? inNewSession(context, request, viewer, here, 'notice.confirmed') : confirmed;
}

/** Whoever has shown anew who they are goes on in a session that nobody can have known before (ASVS 5.0, 7.2.4). */
export async function inNewSession(
  context: RequestContext,
  request: Request,
  { accountId }: Viewer,
  to: string,
  notice: Parameters<typeof redirectWithNotice>[1],
): Promise<Response> {
  const cookie = await context.sessions.begin(accountId, { request, proven: true });
  return redirectWithNotice(to, notice, { 'set-cookie': cookie });
}

/** Mails the link that a change needs; it leads back to that page. A sentence: why it could not be sent. */
export async function mailFreshLink(
  context: RequestContext,
  viewer: Viewer,
  here: string,
  place: string,
): Promise<Response | string> {
  const sent = await requestFreshLink(context, viewer, { next: here, network: context.network });
  if (sent.ok) return redirectWithNotice(anchored(here, place), 'notice.freshLink');
  return sent.retryAt ? limitSentence(context, sent.retryAt) : context.t('account.mailFirst');
}
