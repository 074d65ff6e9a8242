import { data, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { formatsOf, themesOf } from '~/domain/conference/queries.server';
import { programmePage } from '~/domain/programme/queries.server';
import { parseProgrammeQuery } from '~/domain/programme/schema';
import { PUBLIC_CONTENT } from '~/http/page-cache.server';
import { ChoiceFilter, NextPage } from '~/ui/choice-filter';
import { PaperLines } from '~/ui/paper-lines';
import { useTranslate } from '~/ui/translate';

export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders;

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  data
    ? [
        { title: data.title },
        ...(data.nextHref ? [{ tagName: 'link', rel: 'next', href: data.nextHref }] : []),
        ...(data.search ? [{ name: 'robots', content: 'noindex, follow' }] : []),
      ]
    : [];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const [conference, viewer] = await Promise.all([context.conference(params.conference), context.viewer()]);
  const url = new URL(request.url);
  const query = parseProgrammeQuery(url.searchParams);
  const [page, formats, themes] = await Promise.all([
    programmePage(context.db, conference, query, viewer),
    formatsOf(context.db, conference.id),
    themesOf(context.db, conference.id),
  ]);
  const next = new URLSearchParams(url.search);
  next.set('after', String(page.next));
  return data(
    {
      title: `${context.t('programme.title')} · ${conference.name}`,
      slug: conference.slug,
      query,
      ...page,
      formats: formats.map(({ id, name }) => ({ id, name })),
      themes,
      search: url.search,
      nextHref: page.next === null ? null : `?${next}`,
      back: url.pathname + url.search,
    },
    { headers: viewer ? {} : { [PUBLIC_CONTENT]: '1' } },
  );
}

export default function Programme() {
  const t = useTranslate();
  const { slug, query, papers, next, beginnings, formats, themes, search, back } = useLoaderData<typeof loader>();
  const filtered = query.q !== '' || query.format !== '' || query.theme !== '';
  return (
    <>
      <h1>{t('programme.title')}</h1>
      <search>
        <form className="filters">
          <div className="field wide">
            <label htmlFor="q">{t('programme.search')}</label>
            <input id="q" type="search" name="q" defaultValue={query.q} maxLength={300} dir="auto" />
          </div>
          <ChoiceFilter name="format" label={t('paper.format')} value={query.format} choices={formats} />
          <ChoiceFilter name="theme" label={t('paper.theme')} value={query.theme} choices={themes} />
          <button type="submit">{t('programme.find')}</button>
          {filtered && <a href={`/${slug}/programme`}>{t('programme.clear')}</a>}
        </form>
      </search>
      {beginnings && <p className="notice">{t('programme.beginnings')}</p>}
      {papers.length === 0 ? (
        <p className="empty">
          {t(query.after > 0 ? 'programme.end' : filtered ? 'programme.nothing' : 'programme.empty')}
        </p>
      ) : (
        <PaperLines slug={slug} papers={papers} back={back} />
      )}
      <NextPage search={search} after={next} />
    </>
  );
}
