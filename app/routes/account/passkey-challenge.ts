import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { passkeyCreation } from '~/domain/account/passkey/add.server';
import { pendingIn } from '~/domain/account/passkey/pending.server';
import { passkeyRequest } from '~/domain/account/passkey/sign-in.server';
import { newToken } from '~/domain/secret.server';
import { passkeyCookie } from '~/http/browser-cookies.server';
import { readForm } from '~/http/form.server';
import { redirectTo } from '~/http/redirect.server';

export function loader(_: LoaderFunctionArgs) {
  return redirectTo('/account/passkeys');
}

/** What app/client/passkeys.ts asks a passkey to sign. It goes by a cookie to which browser it is given. */
export async function action({ context, request }: ActionFunctionArgs) {
  const purpose = (await readForm(request)).get('purpose');
  const { db, clock, config, network } = context;
  const browser = context.browser.passkey ?? newToken();
  const given = await give();
  if (!given) throw new Response(null, { status: 404 });
  if (!given.ok) return Response.json({ retryAt: given.retryAt.toISOString() }, { status: 429 });
  const headers = { 'set-cookie': passkeyCookie(config, browser), 'cache-control': 'no-store' };
  return Response.json(given.options, { headers });

  async function give() {
    if (purpose === 'sign-in') return passkeyRequest(context, browser, null, network);
    if (purpose === 'second') {
      const pending = await pendingIn(db, clock, context.browser.passkey);
      return pending && passkeyRequest(context, browser, pending.accountId, network);
    }
    const viewer = purpose === 'add' ? await context.viewer() : null;
    return viewer && passkeyCreation(context, viewer, browser, network);
  }
}
