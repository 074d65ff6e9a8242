import type { ActionFunctionArgs } from '@remix-run/node';
import type { RequestContext } from '~/context.server';
import { accountMark, keptForm } from '~/domain/account/kept-forms.server';
import type { Viewer } from '~/domain/account/viewer';
import { logSecurity } from '~/domain/security-log.server';
import { byCookie, keptCookie, passkeyCookie } from '~/http/browser-cookies.server';
import { readForm } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { redirectTo } from '~/http/redirect.server';

export function loader() {
  return redirectTo('/');
}

export async function action({ context, request }: ActionFunctionArgs) {
  const everywhere = (await readForm(request)).get('everywhere') === '1';
  const viewer = await context.viewer();
  const account = viewer?.accountId ?? null;
  const cookie = await context.sessions.end(request, everywhere);
  logSecurity(context, 'signed-out', { account, everywhere, network: context.network });
  const response = redirectWithNotice('/', everywhere ? 'notice.signedOutEverywhere' : 'notice.signedOut');
  response.headers.append('set-cookie', cookie);
  response.headers.append('set-cookie', byCookie(context.config, null));
  if (context.browser.passkey) response.headers.append('set-cookie', passkeyCookie(context.config, null));
  const waiting = viewer ? await ofOthers(context, viewer) : [];
  response.headers.append('set-cookie', keptCookie(context.config, waiting));
  // Drafts that the browser has kept, but not where somebody else's words wait in it for them; and pages that Back would
  // show to whoever comes next.
  response.headers.set('clear-site-data', waiting.length === 0 ? '"cache", "storage"' : '"cache"');
  return response;
}

/** What was sent in this browser by another account, and waits for it to sign in again. */
async function ofOthers(context: RequestContext, viewer: Viewer): Promise<string[]> {
  const mark = accountMark(context.config, viewer.accountId);
  const kept = await Promise.all(
    context.browser.kept.map(async (token) => ({ token, form: await keptForm(context.db, context.clock, token) })),
  );
  return kept.filter(({ form }) => form?.by && form.by !== mark).map(({ token }) => token);
}

/** With a page of its own, if an empty one, what is refused here is refused in the site's look. */
export default function SignOut() {
  return null;
}
