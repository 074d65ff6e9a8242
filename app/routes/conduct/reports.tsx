import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { notFound, requireViewer } from '~/auth/gate.server';
import { mayJudge } from '~/domain/conduct/policy';
import { auditOf, reportsFor } from '~/domain/conduct/queries.server';
import { formatInstant } from '~/domain/zoned-time';
import { AuditLog } from '~/ui/audit-log';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  if (!mayJudge(viewer, conference)) throw notFound();
  const [reports, log] = await Promise.all([
    reportsFor(context.db, conference.id, viewer),
    auditOf(context.db, conference.id),
  ]);
  const at = (instant: string) => formatInstant(instant, conference.timeZone);
  return {
    title: `${context.t('conduct.title')} · ${conference.name}`,
    slug: conference.slug,
    reports: reports.map(({ createdAt, settledAt, ...report }) => ({
      ...report,
      at: at(createdAt),
      open: settledAt === null,
    })),
    log: log.map((line) => ({ ...line, at: at(line.at) })),
  };
}

export default function Reports() {
  const t = useTranslate();
  const { slug, reports, log } = useLoaderData<typeof loader>();
  return (
    <>
      <h1>{t('conduct.title')}</h1>
      <p>{t('conduct.lead')}</p>
      {reports.length === 0 && <p className="empty">{t('conduct.empty')}</p>}
      <ul className="lines">
        {reports.map((report) => (
          <li key={report.id}>
            <a href={`/${slug}/conduct/${report.id}`}>{t('conduct.report', { ref: report.ref })}</a>
            <span className="tag">{t(report.open ? 'conduct.open' : 'conduct.settled')}</span>{' '}
            <span className="meta">
              {t(`report.reason.${report.reason}`)} · {report.at}
            </span>
          </li>
        ))}
      </ul>
      <AuditLog log={log} />
    </>
  );
}
