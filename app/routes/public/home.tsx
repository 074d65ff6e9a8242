import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { conferences } from '~/domain/conference/queries.server';
import { formatDates } from '~/domain/zoned-time';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: 'Colloquy' },
  { name: 'description', content: data?.description },
];

export async function loader({ context }: LoaderFunctionArgs) {
  const found = await conferences(context.db);
  return {
    description: context.t('home.lead'),
    conferences: found.map(({ slug, name, startsOn, endsOn }) => ({
      slug,
      name,
      dates: formatDates(startsOn, endsOn),
    })),
  };
}

export default function Home() {
  const t = useTranslate();
  const { conferences } = useLoaderData<typeof loader>();
  return (
    <>
      <h1>{t('home.title')}</h1>
      <p className="lead">{t('home.lead')}</p>
      {conferences.length === 0 ? (
        <p className="empty">{t('home.none')}</p>
      ) : (
        <ul className="cards">
          {conferences.map((conference) => (
            <li key={conference.slug}>
              <h2 dir="auto">
                <a href={`/${conference.slug}`}>{conference.name}</a>
              </h2>
              <p>{conference.dates}</p>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
