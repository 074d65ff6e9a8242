import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { formatsOf, themesOf } from '~/domain/conference/queries.server';
import { windowState } from '~/domain/conference/state';
import { formatDates, timed } from '~/domain/zoned-time';
import { Timed } from '~/ui/timed';
import { useTranslate } from '~/ui/translate';

export const handle = { times: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.conference.name }];

export async function loader({ context, params }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const [formats, themes] = await Promise.all([
    formatsOf(context.db, conference.id),
    themesOf(context.db, conference.id),
  ]);
  const zoned = (at: string | null) => (at ? timed(at, conference.timeZone) : '');
  return {
    conference: {
      slug: conference.slug,
      name: conference.name,
      dates: formatDates(conference.startsOn, conference.endsOn),
    },
    window: {
      state: windowState(conference, context.clock.now()),
      opens: zoned(conference.opensAt),
      closes: zoned(conference.closesAt),
    },
    formats,
    themes,
  };
}

export default function Conference() {
  const t = useTranslate();
  const { conference, window, formats, themes } = useLoaderData<typeof loader>();
  return (
    <>
      <h1 dir="auto">{conference.name}</h1>
      {conference.dates && <p className="lead">{conference.dates}</p>}
      <search>
        <form className="search" action={`/${conference.slug}/programme`}>
          <label htmlFor="q">{t('programme.search')}</label>
          <div className="row">
            <input id="q" type="search" name="q" maxLength={300} dir="auto" />
            <button type="submit">{t('programme.find')}</button>
          </div>
        </form>
      </search>
      <div className="columns">
        <section>
          <h2>{t('conference.call')}</h2>
          {window.state === 'open' && (
            <p>
              <Timed>
                {window.closes ? t('conference.openUntil', { until: window.closes }) : t('conference.open')}
              </Timed>
            </p>
          )}
          {window.state === 'early' && (
            <p>
              <Timed>{t('conference.early', { at: window.opens })}</Timed>
            </p>
          )}
          {window.state === 'closed' && (
            <p>
              <Timed>{t('conference.closed', { at: window.closes })}</Timed>
            </p>
          )}
          {window.state === 'open' && (
            <p>
              <a className="button" href={`/${conference.slug}/submit`}>
                {t('conference.submit')}
              </a>
            </p>
          )}
          {formats.length > 0 && (
            <ul className="plainlist">
              {formats.map((format) => (
                <li key={format.id}>
                  <bdi>{format.name}</bdi>: {t('conference.words', { limit: format.wordLimit })}
                </li>
              ))}
            </ul>
          )}
        </section>
        {themes.length > 0 && (
          <section>
            <h2>{t('conference.themes')}</h2>
            <ul className="plainlist">
              {themes.slice(0, 30).map((theme) => (
                <li key={theme.id}>
                  <a className="clip" href={`/${conference.slug}/programme?theme=${theme.id}`} dir="auto">
                    {theme.name}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </>
  );
}
