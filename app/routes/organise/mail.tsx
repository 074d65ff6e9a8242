import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import type { OutboxState } from '#db/schema';
import { notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { auditOf, volumesOf } from '~/domain/conduct/queries.server';
import { mayOrganise } from '~/domain/conference/policy';
import { cancelLetter, holdMail, isMailHeld, lettersOf, retryLetter } from '~/domain/mail/desk.server';
import { timed } from '~/domain/zoned-time';
import { readForm } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { anchored, neighbour } from '~/paths';
import { AuditLog } from '~/ui/audit-log';
import { ChoiceFilter } from '~/ui/choice-filter';
import { NextPage } from '~/ui/next-page';
import { OrganiseNav } from '~/ui/organise-nav';
import { Timed } from '~/ui/timed';
import { useTranslate } from '~/ui/translate';

const STATES = ['queued', 'held', 'sending', 'sent', 'failed', 'unknown', 'cancelled'] as const satisfies OutboxState[];

export const handle = { times: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  if (!mayOrganise(viewer, conference)) throw notFound();
  const { searchParams } = new URL(request.url);
  const state = stateIn(searchParams);
  const before = searchParams.get('before')?.slice(0, 40) || undefined;
  const [volumes, log, { letters, next }, held] = await Promise.all([
    volumesOf(context.db, conference.id, context.clock.now()),
    auditOf(context.db, conference.id, searchParams.get('log')?.slice(0, 40) || undefined, viewer),
    lettersOf(context.db, conference.id, { state, before }),
    isMailHeld(context.db, conference.id),
  ]);
  const at = (instant: (typeof letters)[number]['createdAt']) => timed(instant, conference.timeZone);
  return {
    title: `${context.t('organise.mail')} · ${conference.name}`,
    slug: conference.slug,
    volumes,
    log: log.lines.map((line) => ({ ...line, at: at(line.at) })),
    logNext: log.next,
    held,
    state,
    next,
    letters: letters.map(({ createdAt, nextAttemptAt, ...letter }) => ({
      ...letter,
      at: at(createdAt),
      nextAt: nextAttemptAt && at(nextAttemptAt),
    })),
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const conference = await context.conference(params.conference);
  const form = await readForm(request);
  const { searchParams } = new URL(request.url);
  const here = `/${conference.slug}/organise/mail${queryOf(searchParams)}`;
  const viewer = await requireViewerKeeping(context, request, form, { page: here, button: true });
  if (!mayOrganise(viewer, conference)) throw notFound();
  const id = String(form.get('letter'));
  // Where only one state is shown, a line that changes it goes.
  const shown = stateIn(searchParams);
  const line = (state: OutboxState) =>
    anchored(here, !shown || shown === state ? id : String(form.get('next') || 'letters'));
  switch (form.get('intent')) {
    case 'hold':
      await holdMail(context, conference.id, true);
      return redirectWithNotice(anchored(here, 'hold'), 'notice.mailHeld');
    case 'release':
      await holdMail(context, conference.id, false);
      return redirectWithNotice(anchored(here, 'hold'), 'notice.mailReleased');
    case 'cancel':
      return redirectWithNotice(
        line('cancelled'),
        (await cancelLetter(context, conference.id, id)) ? 'notice.letterCancelled' : 'notice.letterGone',
      );
    case 'retry':
      return redirectWithNotice(
        line('queued'),
        (await retryLetter(context, conference.id, id)) ? 'notice.letterRetried' : 'notice.letterGone',
      );
    default:
      throw new Response(null, { status: 400 });
  }
}

function stateIn(query: URLSearchParams) {
  return STATES.find((one) => one === query.get('state'));
}

/** The filter and the page, as they stand in the address. */
function queryOf(query: URLSearchParams): string {
  const { state, before } = { state: stateIn(query), before: query.get('before')?.slice(0, 40) };
  const kept = new URLSearchParams({ ...(state && { state }), ...(before && { before }) });
  return kept.size > 0 ? `?${kept}` : '';
}

export default function Mail() {
  const t = useTranslate();
  const { slug, volumes, log, logNext, held, state, next, letters } = useLoaderData<typeof loader>();
  return (
    <>
      <h1>{t('organise.mail')}</h1>
      <OrganiseNav slug={slug} current="mail" />
      <section>
        <h2>{t('desk.volumes')}</h2>
        <p>
          {t('desk.volumesLead', volumes)} {t('desk.reports', { reports: volumes.reports, open: volumes.openReports })}
        </p>
        {volumes.contacts === 0 && (
          <p className="notice">
            {t('desk.noContacts')} <a href={`/${slug}/organise/people`}>{t('organise.people')}</a>
          </p>
        )}
      </section>
      <h2 id="letters" tabIndex={-1}>
        {t('desk.letters')}
      </h2>
      <p>{t('desk.lead')}</p>
      {held && <p className="notice">{t('desk.isHeld')}</p>}
      <form method="post" className="actions">
        <button
          type="submit"
          name="intent"
          id="hold"
          value={held ? 'release' : 'hold'}
          className={held ? undefined : 'secondary'}
        >
          {t(held ? 'desk.release' : 'desk.hold')}
        </button>
      </form>
      <form className="filters">
        <ChoiceFilter
          name="state"
          label={t('review.state')}
          value={state ?? ''}
          choices={STATES.map((one) => ({ id: one, name: t(`desk.state.${one}`) }))}
        />
        <button type="submit">{t('review.show')}</button>
      </form>
      {letters.length === 0 && <p className="empty">{t('desk.empty')}</p>}
      <ul className="lines">
        {letters.map((letter, index) => (
          <li key={letter.id} id={letter.id} tabIndex={-1} className="row">
            <div>
              {t(`desk.kind.${letter.kind}` as 'desk.kind.decision')}{' '}
              <span className="tag">{t(`desk.state.${letter.state}`)}</span>
              <p className="meta">
                <Timed>{letter.at}</Timed>
                {letter.attempts > 0 && ` · ${t('desk.attempts', { count: letter.attempts })}`}
                {letter.nextAt && <Timed>{` · ${t('desk.next', { at: letter.nextAt })}`}</Timed>}
                {letter.code && (
                  <>
                    {' · '}
                    <code>{letter.code}</code>
                  </>
                )}
              </p>
            </div>
            {(letter.state === 'queued' || letter.state === 'held' || letter.state === 'failed') && (
              <form method="post">
                <input type="hidden" name="letter" value={letter.id} />
                <input type="hidden" name="next" value={neighbour(letters, index)?.id ?? ''} />
                {letter.state !== 'held' && (
                  <button type="submit" name="intent" value="retry" className="plain">
                    {t('desk.retry')}
                  </button>
                )}{' '}
                {letter.state !== 'failed' && (
                  <button type="submit" name="intent" value="cancel" className="plain">
                    {t('desk.cancel')}
                  </button>
                )}
              </form>
            )}
          </li>
        ))}
      </ul>
      <NextPage query={{ state, before: next }} />
      <AuditLog log={log} next={logNext} />
    </>
  );
}
