import readersTimes from 'virtual:times';
import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  useLoaderData,
  useMatches,
  useRouteError,
  useRouteLoaderData,
} from '@remix-run/react';
import { type ReactNode, useEffect } from 'react';
import { translator } from '#locales/translate';
import { waitingForm } from '~/auth/keeping.server';
import { accountMark } from '~/domain/account/kept-forms.server';
import { hasRole } from '~/domain/account/viewer';
import { noticeSentence } from '~/http/notice.server';
import { KeptFormsScript } from './ui/kept-forms';
import { Layout } from './ui/layout';
import stylesheet from './ui/styles.css?url';
import { useTranslate } from './ui/translate';
import { type ProblemShown, Trouble } from './ui/trouble';
import { WaitingForm } from './ui/waiting-form';

export const links: LinksFunction = () => [
  { rel: 'stylesheet', href: stylesheet },
  { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' },
];

export const meta: MetaFunction = () => [{ title: 'Colloquy' }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  // What went wrong before any route was asked is shown by the boundary below, without touching the database.
  if (context.problem)
    throw Response.json(
      {
        retry: context.problem.retry ?? null,
        typed: context.problem.typed ?? [],
        foreign: context.problem.foreign ?? false,
      } satisfies ProblemShown,
      { status: context.problem.status },
    );
  const viewer = await context.viewer();
  const conference = params.conference ? await context.conference(params.conference) : null;
  return {
    locale: context.locale,
    path: new URL(request.url).pathname,
    origin: context.config.origin,
    notice: noticeSentence(context.t, context.notices),
    waiting: viewer && (await waitingForm(context, request, viewer)),
    nonce: context.nonce,
    conference: conference && { slug: conference.slug, name: conference.name },
    account: viewer ? accountMark(context.config, viewer.accountId) : '',
    viewer: viewer && {
      name: viewer.name,
      reviews: conference !== null && hasRole(viewer, conference.id, 'reviewer', 'organiser'),
      organises: conference !== null && hasRole(viewer, conference.id, 'organiser'),
      judges: conference !== null && hasRole(viewer, conference.id, 'conduct'),
    },
  };
}

export default function Root() {
  const { locale, nonce, account, conference, viewer, path, origin, notice, waiting } = useLoaderData<typeof loader>();
  const t = useTranslate();
  // Pages are documents first: only routes that say so get scripts.
  const matches = useMatches();
  const scripted = matches.some(({ handle, data }) => {
    const { scripts } = (handle ?? {}) as { scripts?: boolean | ((data: unknown) => boolean) };
    return typeof scripts === 'function' ? scripts(data) : scripts;
  });
  // React shows the reader's times itself.
  const timed = !scripted && matches.some(({ handle }) => (handle as { times?: boolean } | undefined)?.times);
  const keeps = matches.some(({ handle }) => (handle as { keeps?: boolean } | undefined)?.keeps);
  useEffect(() => {
    document.documentElement.dataset.hydrated = '';
    document.dispatchEvent(new Event('hydrated'));
  }, []);
  const scripts = (
    <>
      {keeps && (
        <KeptFormsScript nonce={nonce} account={account} hydrates={Boolean(scripted)} notice={Boolean(notice)} />
      )}
      {timed && (
        <script type="module" nonce={nonce} src={readersTimes} data-yours={t('layout.yourTime', { time: '{time}' })} />
      )}
      {scripted && <Scripts nonce={nonce} />}
    </>
  );
  return (
    <Document locale={locale} scripts={scripts}>
      <Layout conference={conference} viewer={viewer} path={path} address={origin + path} notice={notice}>
        {waiting && <WaitingForm waiting={waiting} />}
        <Outlet />
      </Layout>
    </Document>
  );
}

export function ErrorBoundary() {
  const error = useRouteError();
  const status = isRouteErrorResponse(error) ? error.status : 500;
  const {
    retry = null,
    typed = [],
    foreign = false,
  } = (isRouteErrorResponse(error) && (error.data as Partial<ProblemShown> | null)) || {};
  // What the frame was read from; nothing where that is what went wrong.
  const page = useRouteLoaderData<typeof loader>('root');
  const { conference = null, viewer, path = '', waiting = null } = page ?? {};
  return (
    <Document locale="en" title={translator('en')(`trouble.${known(status)}.title`)}>
      <Layout conference={conference} viewer={viewer} path={path} address="" notice={null}>
        {waiting && <WaitingForm waiting={waiting} />}
        <Trouble status={known(status)} retry={retry} typed={typed} foreign={foreign} account={viewer?.name ?? ''} />
      </Layout>
    </Document>
  );
}

function Document({
  locale,
  title,
  scripts,
  children,
}: {
  locale: string;
  title?: string;
  scripts?: ReactNode;
  children: ReactNode;
}) {
  const t = useTranslate();
  return (
    <html lang={locale} dir={RIGHT_TO_LEFT.has(locale) ? 'rtl' : 'ltr'}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {title && <title>{title}</title>}
        <Meta />
        <Links />
      </head>
      <body>
        <a className="skip" href="#main">
          {t('layout.skip')}
        </a>
        {children}
        {scripts}
      </body>
    </html>
  );
}

const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ug', 'ur']);
const KNOWN = [400, 403, 404, 405, 413, 429, 503] as const;

function known(status: number): (typeof KNOWN)[number] | 500 {
  return KNOWN.find((one) => one === status) ?? 500;
}
