import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireViewer } from '~/auth/gate.server';
import { submissionsOfViewer } from '~/domain/submission/queries.server';
import { formatInstant } from '~/domain/zoned-time';
import { StateTag } from '~/ui/state-tag';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  const submissions = await submissionsOfViewer(context.db, conference.id, viewer);
  return {
    title: `${context.t('submissions.title')} · ${conference.name}`,
    slug: conference.slug,
    submissions: submissions.map(({ updatedAt, ...line }) => ({
      ...line,
      updated: formatInstant(updatedAt, conference.timeZone),
    })),
  };
}

export default function Submissions() {
  const t = useTranslate();
  const { slug, submissions } = useLoaderData<typeof loader>();
  return (
    <>
      <h1>{t('submissions.title')}</h1>
      {submissions.length === 0 && (
        <p className="empty">
          {t('submissions.empty')} <a href={`/${slug}/submit`}>{t('conference.submit')}</a>
        </p>
      )}
      <ul className="lines">
        {submissions.map((line) => (
          <li key={line.ref}>
            <a href={`/${slug}/submissions/${encodeURIComponent(line.ref)}`} dir="auto">
              {line.title || t('paper.untitled')}
            </a>
            <span className="meta">
              <span className="ref">{line.ref}</span> <StateTag state={line.state} published={line.published} />{' '}
              {t('submissions.changed', { at: line.updated })}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
