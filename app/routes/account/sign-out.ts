import { type ActionFunctionArgs, redirect } from '@remix-run/node';
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
  return response;
}
