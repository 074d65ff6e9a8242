import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { notFound, requireViewerKeeping } from '~/auth/gate.server';
import type { RequestContext } from '~/context.server';
import { block, unblock } from '~/domain/account/blocks.server';
import type { Viewer } from '~/domain/account/viewer';
import { comeBack, decideAbout, leave, mute } from '~/domain/message/participation.server';
import { type Thread, threadById } from '~/domain/message/queries.server';
import { readForm } from '~/http/form.server';
import { type Notice, redirectWithNotice } from '~/http/notice.server';
import { redirectTo } from '~/http/redirect.server';
import { anchored, carriedQuery, carrying, path } from '~/paths';
import { ANSWER } from '~/ui/conversation';

/** Whoever comes back from signing in, or types the address, finds the buttons in the thread. */
export function loader({ params }: LoaderFunctionArgs) {
  return redirectTo(path`/${params.conference}/messages/${params.thread}`);
}

/** How one takes part in a thread: saying yes or no to it, muting it, leaving it, blocking somebody in it. */
export async function action({ context, params, request }: ActionFunctionArgs) {
  const conference = await context.conference(params.conference);
  const form = await readForm(request);
  const here = carrying(
    path`/${conference.slug}/messages/${params.thread}`,
    carriedQuery('messages', new URL(request.url)),
  );
  const viewer = await requireViewerKeeping(context, request, form, { page: here, itself: true, button: true });
  const thread = await threadById(context.db, conference.id, params.thread ?? '', viewer);
  if (!thread) throw notFound();
  return redirectWithNotice(backTo(here, form), await takePart(context, thread, viewer, form));
}

/** To the button that was pressed; where it is gone, to what has come in its place. */
function backTo(here: string, form: FormData): string {
  const rule = form.get('rules');
  if (rule) return anchored(`${here}${here.includes('?') ? '&' : '?'}rules`, String(rule).slice(0, 40));
  return anchored(here, form.get('intent') === 'no' ? 'yes' : ANSWER);
}

async function takePart(context: RequestContext, thread: Thread, viewer: Viewer, form: FormData): Promise<Notice> {
  const { own } = thread;
  switch (form.get('intent')) {
    case 'yes':
      await decideAbout(context, own, true);
      return 'notice.saidYes';
    case 'no':
      await decideAbout(context, own, false);
      return 'notice.saidNo';
    case 'mute':
      await mute(context, own, true);
      return 'notice.muted';
    case 'unmute':
      await mute(context, own, false);
      return 'notice.unmuted';
    case 'leave':
      await leave(context, own.id);
      return 'notice.left';
    case 'come-back':
      await comeBack(context, own);
      return 'notice.cameBack';
    case 'block':
      await block(context, own.mailboxId, otherIn(thread, viewer, form));
      return 'notice.blocked';
    case 'unblock':
      await unblock(context, viewer, otherIn(thread, viewer, form).mailboxId);
      return 'notice.unblocked';
    default:
      throw new Response(null, { status: 400 });
  }
}

function otherIn(thread: Thread, viewer: Viewer, form: FormData) {
  const other = thread.participants.find((participant) => participant.id === form.get('person'));
  if (!other || viewer.mailboxIds.includes(other.mailboxId)) throw notFound();
  return other;
}
