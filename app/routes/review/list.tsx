import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { notFound, requireViewer } from '~/auth/gate.server';
import { hasRole } from '~/domain/account/viewer';
import { formatsOf, themesOf } from '~/domain/conference/queries.server';
import { mayReadSubmissions } from '~/domain/review/policy';
import { submissionsAwaiting } from '~/domain/review/queries.server';
import { parseReviewQuery, REVIEW_STATES } from '~/domain/review/schema';
import { carrying, listQuery } from '~/paths';
import { ChoiceFilter, NextPage } from '~/ui/choice-filter';
import { Names } from '~/ui/paper-lines';
import { StateTag } from '~/ui/state-tag';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  if (!mayReadSubmissions(viewer, conference)) throw notFound();
  const url = new URL(request.url);
  const query = parseReviewQuery(url.searchParams);
  const organises = hasRole(viewer, conference.id, 'organiser');
  const [page, formats, themes] = await Promise.all([
    submissionsAwaiting(context.db, conference.id, query, viewer, organises),
    formatsOf(context.db, conference.id),
    themesOf(context.db, conference.id),
  ]);
  return {
    title: `${context.t('review.title')} · ${conference.name}`,
    slug: conference.slug,
    query,
    ...page,
    formats: formats.map(({ id, name }) => ({ id, name })),
    themes,
    search: url.search,
    list: listQuery('review', url.searchParams),
    organises,
  };
}

export default function ReviewList() {
  const t = useTranslate();
  const { slug, query, submissions, next, formats, themes, search, list, organises } = useLoaderData<typeof loader>();
  return (
    <>
      <h1>{t('review.title')}</h1>
      <form className="filters">
        <ChoiceFilter
          name="state"
          label={t('review.state')}
          all="all"
          value={query.state}
          choices={REVIEW_STATES.map((state) => ({ id: state, name: t(`state.${state}`) }))}
        />
        <ChoiceFilter name="format" label={t('paper.format')} value={query.format} choices={formats} />
        <ChoiceFilter name="theme" label={t('paper.theme')} value={query.theme} choices={themes} />
        <button type="submit">{t('review.show')}</button>
      </form>
      {submissions.length === 0 ? (
        <p className="empty">{t('review.empty')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className="scroll triage" tabIndex={0} aria-label={t('review.title')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('review.ref')}</th>
                <th scope="col">{t('submit.titleField')}</th>
                <th scope="col">{t('paper.format')}</th>
                <th scope="col">{t('paper.theme')}</th>
                <th scope="col">{t('review.state')}</th>
                <th scope="col">{t('review.own')}</th>
                {organises && <th scope="col">{t('review.scores')}</th>}
              </tr>
            </thead>
            <tbody>
              {submissions.map((submission) => (
                <tr key={submission.ref}>
                  <td className="ref">{submission.ref}</td>
                  <th scope="row">
                    <a
                      id={submission.ref}
                      href={carrying(`/${slug}/review/${encodeURIComponent(submission.ref)}`, list)}
                      dir="auto"
                    >
                      {submission.title || t('paper.untitled')}
                    </a>
                    <span className="byline">
                      <Names authors={submission.authors} />
                    </span>
                  </th>
                  <td>
                    <span className="clip" dir="auto">
                      {submission.format}
                    </span>
                  </td>
                  <td>
                    <span className="clip" dir="auto">
                      {submission.theme}
                    </span>
                  </td>
                  <td>
                    <StateTag state={submission.state} published={submission.published} />
                  </td>
                  <td className="number">{submission.ownScore ?? '–'}</td>
                  {organises && (
                    <td className="number">
                      {submission.reviews
                        ? t('review.summary', {
                            count: submission.reviews.count,
                            mean: submission.reviews.mean === null ? '–' : submission.reviews.mean.toFixed(1),
                          })
                        : t('review.ownPaper')}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <NextPage search={search} after={next} />
    </>
  );
}
