import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { notFound, requireViewerKeeping, safeNext } from '~/auth/gate.server';
import { setStar } from '~/domain/programme/commands.server';
import { readForm } from '~/http/form.server';
import { redirectTo } from '~/http/redirect.server';
import { path } from '~/paths';

/** Somebody who opens the address of the star itself gets the paper. */
export function loader({ params }: LoaderFunctionArgs) {
  return redirectTo(path`/${params.conference}/papers/${params.ref}`);
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const conference = await context.conference(params.conference);
  const ref = params.ref ?? '';
  const form = await readForm(request);
  const back = safeNext(form.get('back') ?? path`/${conference.slug}/papers/${ref}`);
  const viewer = await requireViewerKeeping(context, request, form, { page: back, itself: true, button: true });
  if (!(await setStar(context, conference.id, ref, viewer, form.get('starred') === '1'))) throw notFound();
  return redirectTo(back, { status: 303 });
}

/** With a page of its own, if an empty one, what is refused here is refused in the site's look. */
export default function Star() {
  return null;
}
