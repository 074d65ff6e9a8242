import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireViewer } from '~/auth/gate.server';
import { formatInstant } from '~/domain/conference/zoned-time';
import { threadsOf } from '~/domain/message/queries.server';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  const threads = await threadsOf(context.db, conference.id, viewer);
  return {
    title: `${context.t('threads.title')} · ${conference.name}`,
    slug: conference.slug,
    threads: threads.map(({ createdAt, ...thread }) => ({
      ...thread,
      at: formatInstant(createdAt, conference.timeZone),
    })),
  };
}

export default function Threads() {
  const t = useTranslate();
  const { slug, threads } = useLoaderData<typeof loader>();
  return (
    <>
      <h1>{t('threads.title')}</h1>
      {threads.length === 0 && <p className="empty">{t('threads.empty')}</p>}
      <ul className="lines">
        {threads.map((thread) => (
          <li key={thread.id}>
            <a href={`/${slug}/messages/${thread.id}`} dir="auto">
              {thread.subject}
            </a>
            <span className="meta">
              <span className="ref">{thread.ref}</span> <bdi>{thread.title}</bdi> · {thread.at}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
