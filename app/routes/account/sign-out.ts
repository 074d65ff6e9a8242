import { type ActionFunctionArgs, redirect } from '@remix-run/node';
import { byCookie, keptCookie } from '~/http/browser-cookies.server';
import { readForm } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';

export function loader() {
  return redirect('/');
}

export async function action({ context, request }: ActionFunctionArgs) {
  const everywhere = (await readForm(request)).get('everywhere') === '1';
  const cookie = await context.sessions.end(request, everywhere);
  const response = redirectWithNotice('/', everywhere ? 'notice.signedOutEverywhere' : 'notice.signedOut');
  response.headers.append('set-cookie', cookie);
  response.headers.append('set-cookie', byCookie(context.config, null));
  response.headers.append('set-cookie', keptCookie(context.config, []));
  // Drafts that the browser has kept.
  response.headers.set('clear-site-data', '"storage"');
  return response;
}

/** With a page of its own, if an empty one, what is refused here is refused in the site's look. */
export default function SignOut() {
  return null;
}
