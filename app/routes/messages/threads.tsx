import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireViewer } from '~/auth/gate.server';
import { threadsOf } from '~/domain/message/thread-list.server';
import { timed } from '~/domain/zoned-time';
import { carrying, listQuery } from '~/paths';
import { Timed } from '~/ui/timed';
import { useTranslate } from '~/ui/translate';

export const handle = { times: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  const { searchParams } = new URL(request.url);
  const search = (searchParams.get('q') ?? '').slice(0, 200);
  const before = searchParams.get('before')?.slice(0, 60) || undefined;
  const { threads, next } = await threadsOf(context.db, conference.id, viewer, { search, before });
  return {
    title: `${context.t('threads.title')} · ${conference.name}`,
    slug: conference.slug,
    search,
    threads: threads.flatMap(({ latest, ...thread }) =>
      latest
        ? { ...thread, latest: { ...latest, createdAt: undefined, at: timed(latest.createdAt, conference.timeZone) } }
        : [],
    ),
    folded: threads
      .filter(({ latest }) => !latest)
      .map(({ id, subject, ref, others }) => ({ id, subject, ref, others })),
    next: next && `?${new URLSearchParams({ ...(search && { q: search }), before: next })}`,
    list: listQuery('messages', searchParams),
    first: before === undefined,
  };
}

export default function Threads() {
  const t = useTranslate();
  const { slug, search, threads, folded, next, list, first } = useLoaderData<typeof loader>();
  const none = threads.length + folded.length === 0;
  return (
    <>
      <h1>{t('threads.title')}</h1>
      {(!none || search) && (
        <search>
          <form className="filters">
            <div className="field grow">
              <label htmlFor="q">{t('threads.search')}</label>
              <input id="q" name="q" type="search" dir="auto" defaultValue={search} />
            </div>
            <button type="submit">{t('threads.find')}</button>
          </form>
        </search>
      )}
      {none && <p className="empty">{t(search ? 'threads.nothing' : first ? 'threads.empty' : 'threads.noMore')}</p>}
      <ul className="lines">
        {threads.map((thread) => (
          <li key={thread.id} className={thread.unread ? 'unread' : undefined}>
            <a id={thread.id} href={carrying(`/${slug}/messages/${thread.id}`, list)} dir="auto">
              {thread.subject}
            </a>
            {thread.unread && (
              <>
                <span className="tag">{t('threads.new')}</span>{' '}
              </>
            )}
            <span className="meta">
              <bdi>{thread.others.join(', ')}</bdi> · <span className="ref">{thread.ref}</span>{' '}
              <bdi>{thread.title}</bdi>
            </span>
            <span className="beginning" dir="auto">
              <bdi>{thread.latest.own ? t('thread.you') : thread.latest.writer}</bdi>: {thread.latest.beginning}
            </span>
            <span className="meta">
              <Timed>{thread.latest.at}</Timed>
            </span>
          </li>
        ))}
      </ul>
      {folded.length > 0 && (
        <details className="rules">
          <summary>{t('threads.folded', { count: folded.length })}</summary>
          <ul className="lines">
            {folded.map((thread) => (
              <li key={thread.id}>
                <a id={thread.id} href={carrying(`/${slug}/messages/${thread.id}`, list)} dir="auto">
                  {thread.subject}
                </a>
                <span className="meta">
                  <bdi>{thread.others.join(', ')}</bdi> · <span className="ref">{thread.ref}</span>
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {next && (
        <nav className="pages" aria-label={t('filter.pages')}>
          <a className="button secondary" rel="next" href={next}>
            {t('filter.next')}
          </a>
        </nav>
      )}
    </>
  );
}
