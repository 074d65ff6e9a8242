import { getFormProps, useForm } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { forbid, notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { keptResult } from '~/auth/keeping.server';
import { requireSubmission } from '~/auth/review-gate.server';
import { decisionMail, decisionRecipients, isCorrection } from '~/domain/review/decision-mail.server';
import { decisionsOn, newestOf } from '~/domain/review/decision-queries.server';
import { type DecisionInput, decide } from '~/domain/review/decisions.server';
import { mayDecide, mayReadReviews } from '~/domain/review/policy';
import { decisionSchema } from '~/domain/review/schema';
import { timed } from '~/domain/zoned-time';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { decidedNotice } from '~/http/sentences.server';
import { carriedQuery, carrying } from '~/paths';
import { Consent, ErrorSummary, TextArea } from '~/ui/fields';
import { keep } from '~/ui/keep';
import { parseForm } from '~/ui/parse-form';
import { Timed } from '~/ui/timed';
import { useTranslate } from '~/ui/translate';

/** What one types is kept. */
export const handle = { times: true, keeps: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const viewer = await requireViewer(context, request);
  const { conference, submission } = await requireSubmission(context, params, viewer);
  forbid(mayReadReviews(viewer, conference, submission));
  const outcome = new URL(request.url).searchParams.get('outcome') === 'rejected' ? 'rejected' : 'accepted';
  const [recipients, decisions, correction, kept] = await Promise.all([
    decisionRecipients(context.db, submission),
    decisionsOn(context.db, submission.id),
    isCorrection(context.db, submission, outcome),
    keptResult(context, request),
  ]);
  const newest = newestOf(decisions);
  const mail = decisionMail(context, conference, submission, { outcome, note: '' }, correction);
  return {
    title: `${submission.ref} · ${context.t('decide.title')}`,
    slug: conference.slug,
    back: carrying(
      `/${conference.slug}/review/${encodeURIComponent(submission.ref)}`,
      carriedQuery('review', new URL(request.url)),
    ),
    ref: submission.ref,
    paper: submission.version.title,
    outcome: outcome as 'accepted' | 'rejected',
    // What has been decided meanwhile is said, with the words that were typed still there.
    open: mayDecide(viewer, conference, submission, outcome),
    state: submission.state,
    leaves: submission.published && outcome === 'rejected',
    base: newest?.id ?? '',
    baseVersion: submission.version.id as string,
    now: newest && {
      outcome: newest.outcome,
      by: newest.by,
      at: timed(newest.decidedAt, conference.timeZone),
      pending: newest.state === 'pending',
    },
    recipients: recipients.filter((recipient) => !recipient.waits).length,
    waiting: recipients.filter((recipient) => recipient.waits).length,
    without: submission.authors.filter(
      ({ accountId, mailboxId, state }) => !accountId && !mailboxId && state !== 'declined',
    ).length,
    declined: submission.authors.filter(({ state }) => state === 'declined').length,
    mail: { subject: mail.subject, text: mail.text },
    kept,
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const viewer = await requireViewerKeeping(context, request, form);
  const { conference, submission } = await requireSubmission(context, params, viewer);
  const parsed = parseForm(form, decisionSchema, context.t);
  if (parsed.status !== 'success') return refused(parsed.reply());
  const input: DecisionInput = parsed.value;
  const here = carrying(
    `/${conference.slug}/review/${encodeURIComponent(submission.ref)}`,
    carriedQuery('review', new URL(request.url)),
  );
  const decided = await decide(context, conference, viewer, submission.ref, input);
  if (decided.ok)
    return redirectWithNotice(
      here,
      input.intent === 'keep' ? 'notice.decisionKept' : await decidedNotice(context, conference.id, decided.told),
    );
  if (decided.reason === 'missing') throw notFound();
  forbid(decided.reason !== 'forbidden');
  return refused(parsed.reply({ formErrors: [context.t('decide.stale')] }), { stale: true }, 409);
}

export default function Decide() {
  const t = useTranslate();
  const data = useLoaderData<typeof loader>();
  const { slug, back, ref, paper, outcome, mail, now, kept } = data;
  const answered = useActionData<typeof action>();
  const lastResult = answered?.result ?? kept;
  // What comes back was typed about what was decided then, unless what is decided by now has just been shown.
  const stale = answered !== undefined && 'stale' in answered;
  const read = (stale ? {} : (lastResult?.initialValue ?? {})) as { base?: string; baseVersion?: string };
  const [form, fields] = useForm<{ note: string; consent: string }>({ id: 'decision', lastResult });
  return (
    <section className="narrow">
      <p className="crumb">
        <a href={back}>
          <span className="ref">{ref}</span> <bdi>{paper}</bdi>
        </a>
      </p>
      <h1>{t(`decide.${outcome}Title`)}</h1>
      {now && (
        <p className="notice">
          <Timed>
            {t(now.pending ? 'decide.nowPending' : 'decide.now', {
              outcome: t(`state.${now.outcome}`),
              by: now.by,
              at: now.at,
            })}
          </Timed>
        </p>
      )}
      {!data.open && <p className="notice">{t('decide.closed', { state: t(`state.${data.state}`) })}</p>}
      {data.leaves && <p className="notice">{t('decide.leavesProgramme')}</p>}
      <p>
        {t('decide.lead', { recipients: data.recipients })}{' '}
        {data.waiting > 0 && t('decide.waiting', { count: data.waiting })}{' '}
        {data.without > 0 && t('decide.without', { count: data.without })}{' '}
        {data.declined > 0 && t('decide.declined', { count: data.declined })}
      </p>
      <section className="preview" aria-label={t('decide.preview')}>
        <p>
          <strong dir="auto">{mail.subject}</strong>
        </p>
        <div className="letter" dir="auto">
          {mail.text}
        </div>
      </section>
      {(data.open || lastResult) && (
        <form
          method="post"
          {...getFormProps(form)}
          {...keep(`${slug}/decide/${ref}/${outcome}`, lastResult)}
          noValidate
        >
          <ErrorSummary form={form} labels={(name) => t(name === 'consent' ? 'decide.consent' : 'decide.note')} />
          <input type="hidden" name="outcome" value={outcome} />
          <input type="hidden" name="base" value={read.base ?? data.base} />
          <input type="hidden" name="baseVersion" value={read.baseVersion ?? data.baseVersion} />
          <TextArea field={fields.note} label={t('decide.note')} hint={t('decide.noteHint')} optional rows={5} />
          <Consent field={fields.consent} label={t('decide.consent')} />
          {data.open && (
            <div className="actions">
              <button type="submit" name="intent" value="apply">
                {t(outcome === 'accepted' ? 'decide.acceptSend' : 'decide.rejectSend')}
              </button>
              <button type="submit" name="intent" value="keep" className="secondary">
                {t('decide.keep')}
              </button>
            </div>
          )}
        </form>
      )}
    </section>
  );
}
