import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { notFound, requireViewer } from '~/auth/gate.server';
import { mayJudge } from '~/domain/conduct/policy';
import { auditOf, reportsFor } from '~/domain/conduct/queries.server';
import { timed } from '~/domain/zoned-time';
import { carrying, listQuery } from '~/paths';
import { AuditLog } from '~/ui/audit-log';
import { NextPage } from '~/ui/next-page';
import { Timed } from '~/ui/timed';
import { useTranslate } from '~/ui/translate';

export const handle = { times: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  if (!mayJudge(viewer, conference)) throw notFound();
  const { searchParams } = new URL(request.url);
  const cursor = (name: string) => searchParams.get(name)?.slice(0, 40) || undefined;
  const settled = searchParams.has('settled');
  const [reports, log] = await Promise.all([
    reportsFor(context.db, conference.id, viewer, { settled, before: cursor('before') }),
    auditOf(context.db, conference.id, cursor('log'), viewer),
  ]);
  const at = (instant: string) => timed(instant, conference.timeZone);
  return {
    title: `${context.t('conduct.title')} · ${conference.name}`,
    slug: conference.slug,
    settled,
    list: listQuery('conduct', searchParams),
    reports: reports.lines.map(({ createdAt, settledAt: _, ...report }) => ({ ...report, at: at(createdAt) })),
    next: reports.next,
    log: log.lines.map((line) => ({ ...line, at: at(line.at) })),
    logNext: log.next,
  };
}

export default function Reports() {
  const t = useTranslate();
  const { slug, settled, list, reports, next, log, logNext } = useLoaderData<typeof loader>();
  return (
    <>
      <h1>{t('conduct.title')}</h1>
      <p>{t('conduct.lead')}</p>
      <nav className="tabs" aria-label={t('conduct.title')}>
        <a href="?" aria-current={settled ? undefined : 'page'}>
          {t('conduct.open')}
        </a>
        <a href="?settled" aria-current={settled ? 'page' : undefined}>
          {t('conduct.settled')}
        </a>
      </nav>
      {reports.length === 0 && <p className="empty">{t(settled ? 'conduct.emptySettled' : 'conduct.empty')}</p>}
      <ul className="lines">
        {reports.map((report) => (
          <li key={report.id}>
            <a id={report.id} href={carrying(`/${slug}/conduct/${report.id}`, list)}>
              {t('conduct.report', { ref: report.ref })}
            </a>
            <span className="meta">
              {t(`report.reason.${report.reason}`)} · <Timed>{report.at}</Timed>
              {report.decided && ` · ${t(`conduct.did.${report.decided}`, { name: '' })}`}
            </span>
          </li>
        ))}
      </ul>
      <NextPage query={{ ...(settled && { settled: '' }), before: next }} />
      <AuditLog log={log} next={logNext} />
    </>
  );
}
