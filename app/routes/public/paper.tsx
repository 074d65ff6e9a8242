import { data, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { notFound } from '~/auth/gate.server';
import { paperByRef } from '~/domain/programme/queries.server';
import { citationTags, scholarlyArticle } from '~/domain/programme/scholarly';
import { htmlOf } from '~/domain/submission/markdown.server';
import { PUBLIC_CONTENT } from '~/http/page-cache.server';
import { Abstract } from '~/ui/abstract';
import { Byline } from '~/ui/byline';
import { Facts } from '~/ui/facts';
import { Star } from '~/ui/star';
import { useTranslate } from '~/ui/translate';

export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders;

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  data
    ? [
        { title: data.title },
        { tagName: 'link', rel: 'canonical', href: data.url },
        ...data.citation,
        { 'script:ld+json': data.article as never },
      ]
    : [];

export async function loader({ context, params }: LoaderFunctionArgs) {
  const [conference, viewer] = await Promise.all([context.conference(params.conference), context.viewer()]);
  const paper = await paperByRef(context.db, conference.id, params.ref ?? '', viewer);
  if (!paper) throw notFound();
  const about = { conference, origin: context.config.origin };
  const { ref, title, authors, format, theme, abstract, keywords, language, contactable, starred } = paper;
  return data(
    {
      title: `${title || ref} · ${conference.name}`,
      url: `${context.config.origin}/${conference.slug}/papers/${encodeURIComponent(ref)}`,
      slug: conference.slug,
      paper: { ref, title, authors, format, theme, abstract, keywords, language, contactable, starred },
      html: htmlOf(paper),
      citation: citationTags(paper, about),
      article: scholarlyArticle(paper, about),
      signedIn: viewer !== null,
    },
    { headers: viewer ? {} : { [PUBLIC_CONTENT]: '1' } },
  );
}

export default function PaperPage() {
  const t = useTranslate();
  const { slug, paper, html, signedIn } = useLoaderData<typeof loader>();
  const here = `/${slug}/papers/${encodeURIComponent(paper.ref)}`;
  return (
    <article className="paper sheet">
      <header>
        <div className="refline">
          <span className="ref">{paper.ref}</span>
          <Star slug={slug} paper={paper} back={here} />
          <span className="hint">{t(signedIn ? 'star.explain' : 'star.explainSignedOut')}</span>
        </div>
        <h1 dir="auto" lang={paper.language || undefined}>
          {paper.title || t('paper.untitled')}
        </h1>
      </header>
      <section aria-labelledby="authors">
        <h2 id="authors" className="label">
          {t('paper.authors', { count: paper.authors.length })}
        </h2>
        <Byline authors={paper.authors} />
        {paper.contactable && (
          <p>
            <a className="button" href={`${here}/message`}>
              {t('paper.send', { count: paper.authors.length })}
            </a>
          </p>
        )}
      </section>
      <Facts paper={paper} />
      <section aria-labelledby="abstract">
        <h2 id="abstract">{t('paper.abstract')}</h2>
        {paper.abstract ? (
          <Abstract text={paper.abstract} html={html} language={paper.language} />
        ) : (
          <p className="empty">{t('paper.noAbstract')}</p>
        )}
      </section>
    </article>
  );
}
