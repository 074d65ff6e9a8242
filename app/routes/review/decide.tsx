import { getFormProps, useForm } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { forbid, keptResult, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { requireSubmission } from '~/auth/review-gate.server';
import { primaryMailbox } from '~/domain/account/mailbox-owners.server';
import { type DecisionInput, decide, decisionMail } from '~/domain/review/commands.server';
import { mayDecide } from '~/domain/review/policy';
import { decisionRecipients } from '~/domain/review/queries.server';
import { decisionSchema } from '~/domain/review/schema';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { ErrorSummary, TextArea } from '~/ui/fields';
import { parseForm } from '~/ui/parse-form';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const viewer = await requireViewer(context, request);
  const { conference, submission } = await requireSubmission(context, params, viewer);
  const outcome = new URL(request.url).searchParams.get('outcome') === 'rejected' ? 'rejected' : 'accepted';
  forbid(mayDecide(viewer, conference, submission, outcome));
  const recipients = decisionRecipients(
    submission.authors,
    submission.submitterId && (await primaryMailbox(context.db, submission.submitterId)),
  );
  const mail = decisionMail(context, conference, submission, { outcome, note: '' });
  return {
    title: `${submission.ref} · ${context.t('decide.title')}`,
    slug: conference.slug,
    ref: submission.ref,
    paper: submission.version.title,
    outcome: outcome as 'accepted' | 'rejected',
    recipients: recipients.length,
    mail: { subject: mail.subject, text: mail.text },
    kept: await keptResult(context, request),
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const page = new URL(request.url);
  const viewer = await requireViewerKeeping(context, request, form, page.pathname + page.search);
  const { conference, submission } = await requireSubmission(context, params, viewer);
  const parsed = parseForm(form, decisionSchema, context.t);
  if (parsed.status !== 'success') return refused(parsed.reply());
  const here = `/${conference.slug}/review/${encodeURIComponent(submission.ref)}`;
  const result = await decide(context, conference, viewer, submission.ref, parsed.value as DecisionInput);
  forbid(result !== 'refused');
  return redirectWithNotice(here, result === 'moved' ? 'notice.alreadyDecided' : 'notice.decided');
}

export default function Decide() {
  const t = useTranslate();
  const { slug, ref, paper, outcome, recipients, mail, kept } = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>()?.result ?? kept;
  const [form, fields] = useForm<{ note: string }>({ id: 'decision', lastResult });
  return (
    <section className="narrow">
      <p className="crumb">
        <a href={`/${slug}/review/${encodeURIComponent(ref)}`}>
          <span className="ref">{ref}</span> <bdi>{paper}</bdi>
        </a>
      </p>
      <h1>{t(`decide.${outcome}Title`)}</h1>
      <p>{t('decide.lead', { recipients })}</p>
      <section className="preview" aria-label={t('decide.preview')}>
        <p>
          <strong dir="auto">{mail.subject}</strong>
        </p>
        <div className="letter" dir="auto">
          {mail.text}
        </div>
      </section>
      <form method="post" {...getFormProps(form)} noValidate>
        <ErrorSummary form={form} labels={() => t('decide.note')} />
        <input type="hidden" name="outcome" value={outcome} />
        <TextArea field={fields.note} label={t('decide.note')} hint={t('decide.noteHint')} optional rows={5} />
        <button type="submit">{t(outcome === 'accepted' ? 'decide.acceptSend' : 'decide.rejectSend')}</button>
      </form>
    </section>
  );
}
