import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { sayNo, sayYes, stopAsking } from '~/domain/authorship/commands.server';
import { authorshipBehind, ownLineValues } from '~/domain/authorship/queries.server';
import { ownLineSchema } from '~/domain/authorship/schema';
import { isPerson } from '~/domain/submission/policy';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { redirectTo } from '~/http/redirect.server';
import { Byline } from '~/ui/byline';
import { OwnLineForm } from '~/ui/own-line-form';
import { parseForm } from '~/ui/parse-form';
import { useTranslate } from '~/ui/translate';

/** What one types is kept. */
export const handle = { keeps: true };

export const meta: MetaFunction = () => [{ title: 'Colloquy' }, { name: 'robots', content: 'noindex' }];

/** Opening the link answers nothing, since mail scanners open links too: the buttons do. */
export async function loader({ context, params }: LoaderFunctionArgs) {
  const [asked, viewer] = await Promise.all([authorshipBehind(context, params.token ?? ''), context.viewer()]);
  if (!asked) return { asked: null };
  const { conference, ref, title, byline, own, correctable, accountName, state, versionId, unasked } = asked;
  return {
    asked: {
      conference: conference.name,
      title,
      withdrawn: state === 'withdrawn',
      decided: state === 'accepted' || state === 'rejected',
      byline: (own.state === 'declined' ? [] : byline).map(({ name, affiliation, presenter }) => ({
        name,
        affiliation,
        presenter,
      })),
      line: ownLineValues(own, versionId),
      keptAs: `asked/${own.id}`,
      state: own.state,
      unasked,
      correctable,
      // To whom the paper goes with a yes: the account that has the address, else whoever is signed in.
      account: accountName || (viewer && own.accountId === null ? viewer.name : ''),
      path: `/${conference.slug}/submissions/${encodeURIComponent(ref)}`,
      reads: isPerson(viewer, own),
    },
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const token = params.token ?? '';
  const form = await readForm(request);
  const here = `/authorship/${encodeURIComponent(token)}`;
  switch (form.get('intent')) {
    case 'no': {
      const answered = await sayNo(context, token);
      return answered.ok ? redirectWithNotice(here, 'notice.notMe') : redirectTo(here, { status: 303 });
    }
    case 'unasked':
    case 'askable': {
      const stop = form.get('intent') === 'unasked';
      const done = await stopAsking(context, token, stop);
      return done
        ? redirectWithNotice(here, stop ? 'notice.unasked' : 'notice.askable')
        : redirectTo(here, { status: 303 });
    }
    case 'yes': {
      const answered = await sayYes(context, token, await context.viewer(), null);
      return answered.ok ? redirectWithNotice(here, 'notice.isMe') : redirectTo(here, { status: 303 });
    }
    case 'correct': {
      const submission = parseForm(form, ownLineSchema, context.t);
      if (submission.status !== 'success') return refused(submission.reply());
      const answered = await sayYes(context, token, await context.viewer(), submission.value);
      if (answered.ok)
        return redirectWithNotice(here, answered.authorship.own.state === 'confirmed' ? 'notice.saved' : 'notice.isMe');
      // The link is dead: the page says so, and the browser keeps what was typed.
      if (answered.reason === 'dead')
        return refused(submission.reply({ formErrors: [context.t('authorship.dead')] }), {}, 410);
      const sentence = answered.reason === 'fixed' ? 'authorship.fixed' : 'authorship.stale';
      const theirs = answered.reason === 'stale' ? answered.theirs.name : '';
      const stale = answered.reason === 'stale';
      return refused(submission.reply({ formErrors: [context.t(sentence, { theirs })] }), { stale }, 409);
    }
    default:
      throw new Response(null, { status: 400 });
  }
}

export default function Asked() {
  const t = useTranslate();
  const { asked } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const lastResult = answer?.result;
  if (!asked)
    return (
      <section className="narrow">
        <h1>{t('link.deadTitle')}</h1>
        <p>{t('authorship.dead')}</p>
        <p>
          <a href="/">{t('trouble.home')}</a>
        </p>
      </section>
    );
  const {
    conference,
    title,
    byline,
    line,
    keptAs,
    state,
    correctable,
    account,
    path,
    reads,
    withdrawn,
    unasked,
    decided,
  } = asked;
  const settled = state === 'confirmed' || state === 'declined';
  return (
    <section className="narrow stack">
      <h1>{t(settled ? `authorship.${state}Title` : 'authorship.title')}</h1>
      <p>{t(state === 'declined' ? 'authorship.leadDeclined' : 'authorship.lead', { conference })}</p>
      <article className="panel paper">
        <h2 dir="auto" className="title">
          {title || t('paper.untitled')}
        </h2>
        {byline.length > 0 && <Byline authors={byline} />}
      </article>
      {withdrawn && <p className="notice">{t('authorship.withdrawn')}</p>}
      {state === 'confirmed' && (
        <>
          <p>{t(reads ? 'authorship.confirmed' : 'authorship.confirmedSignIn')}</p>
          <p>
            <a className="button" href={reads ? path : `/sign-in?${new URLSearchParams({ next: path })}`}>
              {t(reads ? 'authorship.read' : 'authorship.signIn')}
            </a>
          </p>
        </>
      )}
      {state === 'declined' && <p>{t('authorship.declined')}</p>}
      {!settled && (
        <p>
          {t(decided ? 'authorship.whatDecided' : account ? 'authorship.whatAccount' : 'authorship.what', {
            name: account,
          })}
        </p>
      )}
      {state !== 'confirmed' && (
        <form method="post" className="actions">
          <button type="submit" name="intent" value="yes">
            {t(state === 'declined' ? 'authorship.yesAfterAll' : 'authorship.yes')}
          </button>
          {!settled && (
            <button type="submit" name="intent" value="no" className="secondary">
              {t('authorship.no')}
            </button>
          )}
        </form>
      )}
      {state !== 'declined' && (correctable || lastResult) && (
        <details open={Boolean(lastResult)}>
          <summary>{t('authorship.correct')}</summary>
          <OwnLineForm
            line={line}
            spelling={correctable}
            intent="correct"
            button={t(settled ? 'form.save' : 'authorship.correctYes')}
            lastResult={lastResult}
            stale={answer !== undefined && 'stale' in answer && answer.stale}
            keptAs={keptAs}
          />
        </details>
      )}
      {state === 'confirmed' && (
        <details className="danger">
          <summary>{t('authorship.no')}</summary>
          <form method="post">
            <p>{t('authorship.leaveLead')}</p>
            <button type="submit" name="intent" value="no" className="warn">
              {t('authorship.no')}
            </button>
          </form>
        </details>
      )}
      {state !== 'confirmed' && (
        <form method="post">
          <p className="hint">{t(unasked ? 'authorship.unasked' : 'authorship.unaskedLead')}</p>
          <button type="submit" name="intent" value={unasked ? 'askable' : 'unasked'} className="secondary">
            {t(unasked ? 'authorship.askAgain' : 'authorship.askNoMore')}
          </button>
        </form>
      )}
    </section>
  );
}
