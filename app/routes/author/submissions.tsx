import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireViewer } from '~/auth/gate.server';
import { namingsOf } from '~/domain/authorship/queries.server';
import { authorshipPath } from '~/domain/submission/byline/link.server';
import { submissionsOfViewer } from '~/domain/submission/queries.server';
import { standingOf } from '~/domain/submission/standing';
import { standingsFor } from '~/domain/submission/standings.server';
import { timed } from '~/domain/zoned-time';
import { standingTold } from '~/http/sentences.server';
import { NextSteps } from '~/ui/next-steps';
import { StateTag } from '~/ui/state-tag';
import { Timed } from '~/ui/timed';
import { useTranslate } from '~/ui/translate';

export const handle = { times: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  const [submissions, namings] = await Promise.all([
    submissionsOfViewer(context.db, conference.id, viewer),
    namingsOf(context, conference.id, viewer),
  ]);
  const stands = await standingsFor(context, conference, viewer, submissions);
  return {
    title: `${context.t('submissions.title')} · ${conference.name}`,
    slug: conference.slug,
    namings: namings.map(({ ref, title, token }) => ({ ref, title, path: authorshipPath(token) })),
    submissions: submissions.map(({ id, ref, title, state, published, updatedAt }) => ({
      ref,
      title,
      state,
      published,
      updated: timed(updatedAt, conference.timeZone),
      ...standingTold(context, standingOf(stands.get(id)!.situation)),
    })),
  };
}

export default function Submissions() {
  const t = useTranslate();
  const { slug, submissions, namings } = useLoaderData<typeof loader>();
  return (
    <>
      <h1>{t('submissions.title')}</h1>
      {namings.length > 0 && (
        <section className="panel" aria-labelledby="named">
          <h2 id="named">{t('authorship.named')}</h2>
          <p>{t('authorship.namedLead')}</p>
          <ul className="plainlist">
            {namings.map((naming) => (
              <li key={naming.path}>
                <a href={naming.path} dir="auto">
                  {naming.title || t('paper.untitled')}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {submissions.length === 0 && namings.length === 0 && (
        <p className="empty">
          {t('submissions.empty')} <a href={`/${slug}/submit`}>{t('conference.submit')}</a>
        </p>
      )}
      <ul className="lines">
        {submissions.map((line) => (
          <li key={line.ref}>
            <a id={line.ref} href={`/${slug}/submissions/${encodeURIComponent(line.ref)}`} dir="auto">
              {line.title || t('paper.untitled')}
            </a>
            <span className="meta">
              <span className="ref">{line.ref}</span> <StateTag state={line.state} published={line.published} />{' '}
              <Timed>{t('submissions.changed', { at: line.updated })}</Timed>
            </span>
            <span className="stands">
              <Timed>{line.stands}</Timed> <NextSteps slug={slug} reference={line.ref} steps={line.steps} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
