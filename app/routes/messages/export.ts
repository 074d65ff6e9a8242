import type { LoaderFunctionArgs } from '@remix-run/node';
import { notFound, requireViewer } from '~/auth/gate.server';
import { threadById } from '~/domain/message/queries.server';
import { formatInstant } from '~/domain/zoned-time';

/** More than the limits of a day let anybody write in years. */
const MOST_MESSAGES = 20_000;

/** A conversation for one's own keeping, as plain text: what one sees on its page, and no address. */
export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  const thread = await threadById(context.db, conference.id, params.thread ?? '', viewer, MOST_MESSAGES);
  if (!thread) throw notFound();
  const { paper, subject, participants, messages } = thread;
  const parts = [
    `${conference.name}\n${paper.ref} ${paper.title}\n${subject}\n${participants.map(({ name }) => name).join(', ')}`,
    ...messages.map(
      ({ writer, createdAt, body }) => `${writer}, ${formatInstant(createdAt, conference.timeZone)}\n\n${body}`,
    ),
  ];
  return new Response(`${parts.join('\n\n---\n\n')}\n`, {
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="${paper.ref.replace(/[^\w-]/g, '')}-${thread.id.slice(-6)}.txt"`,
    },
  });
}
