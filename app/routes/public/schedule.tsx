import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireViewer } from '~/auth/gate.server';
import { schedule } from '~/domain/programme/queries.server';
import { PaperLines } from '~/ui/paper-lines';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  return {
    title: `${context.t('schedule.title')} · ${conference.name}`,
    slug: conference.slug,
    papers: await schedule(context.db, conference, viewer),
  };
}

export default function Schedule() {
  const t = useTranslate();
  const { slug, papers } = useLoaderData<typeof loader>();
  return (
    <>
      <h1>{t('schedule.title')}</h1>
      {papers.length === 0 ? (
        <p className="empty">
          {t('schedule.empty')} <a href={`/${slug}/programme`}>{t('schedule.browse')}</a>
        </p>
      ) : (
        <PaperLines slug={slug} papers={papers} back={`/${slug}/schedule`} starredOnly />
      )}
    </>
  );
}
