import type { SubmissionResult } from '@conform-to/dom';
import type { RequestContext } from '~/context.server';
import { hasPassword } from '~/domain/account/queries.server';
import { MAX_PASSWORD } from '~/domain/account/schema';
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
export async function unconfirmed(
  context: RequestContext,
  refusal: Unconfirmed,
  hasPassword: boolean,
): Promise<{
  errors: { fieldErrors: { currentPassword: string[] } } | { formErrors: string[] };
  status: 403 | 422 | 429;
}> {
  if (refusal.reason === 'limit')
    return { errors: { formErrors: [await limitSentence(context, refusal)] }, status: 429 };
  if (!hasPassword) return { errors: { formErrors: [context.t('account.linkFirst')] }, status: 403 };
  const sentence = context.t(refusal.reason === 'wrong' ? 'error.currentWrong' : 'error.currentNeeded');
  return { errors: { fieldErrors: { currentPassword: [sentence] } }, status: refusal.reason === 'wrong' ? 422 : 403 };
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

/**
 * Answers the form by which somebody shows that they are the owner (`ConfirmOwner`): the password of now counts for ten
 * minutes; a link is mailed and leads back to that page. Else what the form says, and its status.
 */
export async function confirmAgain(
  context: RequestContext,
  request: Request,
  form: FormData,
  viewer: Viewer,
  to: { here: string; place: string },
): Promise<Response | { result: SubmissionResult<string[]>; status: number }> {
  const failed = (error: Record<string, string[]>, status: number) => ({
    result: { status: 'error' as const, error },
    status,
  });
  const place = anchored(to.here, to.place);
  if (form.get('intent') === 'fresh-link') {
    const sent = await requestFreshLink(context, viewer, { next: to.here, network: context.network });
    if (sent.ok) return redirectWithNotice(place, 'notice.freshLink');
    return failed({ '': [sent.retryAt ? await limitSentence(context, sent) : context.t('account.mailFirst')] }, 429);
  }
  const word = await ownersWord(context, String(form.get('currentPassword') ?? '').slice(0, MAX_PASSWORD));
  const confirmed = await confirmOwner(context, viewer.accountId, word);
  if (confirmed.ok) return inNewSession(context, request, viewer, place, 'notice.confirmed');
  const { errors, status } = await unconfirmed(context, confirmed, await hasPassword(context.db, viewer.accountId));
  return failed('formErrors' in errors ? { '': errors.formErrors } : errors.fieldErrors, status);
}
