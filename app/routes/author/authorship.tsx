import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { forbid, notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { keptResult } from '~/auth/keeping.server';
import type { RequestContext } from '~/context.server';
import type { Viewer } from '~/domain/account/viewer';
import { editOwnLine, leavePaper } from '~/domain/authorship/commands.server';
import { ownLineValues } from '~/domain/authorship/queries.server';
import { ownLineSchema } from '~/domain/authorship/schema';
import { isInCharge, isPerson, mayEditOwnLine } from '~/domain/submission/policy';
import { ownSubmission } from '~/domain/submission/queries.server';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { OwnLineForm } from '~/ui/own-line-form';
import { parseForm } from '~/ui/parse-form';
import { useTranslate } from '~/ui/translate';

/** What one types is kept. */
export const handle = { keeps: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const viewer = await requireViewer(context, request);
  const { conference, submission, own } = await load(context, params, viewer);
  return {
    title: `${submission.ref} · ${context.t('authorship.ownTitle')}`,
    slug: conference.slug,
    ref: submission.ref,
    paper: submission.version.title,
    line: ownLineValues(own, submission.version.id),
    spelling: mayEditOwnLine(submission),
    leaves: !isInCharge(viewer, submission),
    kept: await keptResult(context, request),
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const viewer = await requireViewerKeeping(context, request, form, { button: form.get('intent') === 'leave' });
  const { conference, submission } = await load(context, params, viewer);
  const paper = `/${conference.slug}/submissions/${encodeURIComponent(submission.ref)}`;
  if (form.get('intent') === 'leave') {
    const result = await leavePaper(context, conference, viewer, submission.ref);
    forbid(result !== 'in-charge');
    return redirectWithNotice(`/${conference.slug}/submissions`, 'notice.leftPaper');
  }
  const parsed = parseForm(form, ownLineSchema, context.t);
  if (parsed.status !== 'success') return refused(parsed.reply());
  const saved = await editOwnLine(context, conference, viewer, submission.ref, parsed.value);
  if (saved.ok) return redirectWithNotice(paper, 'notice.saved');
  const stale = saved.reason === 'stale';
  const refuse = (sentence: string) => refused(parsed.reply({ formErrors: [sentence] }), { stale }, 409);
  switch (saved.reason) {
    case 'missing':
      throw notFound();
    case 'fixed':
      return refuse(context.t('authorship.fixed'));
    case 'stale':
      return refuse(context.t('authorship.stale', { theirs: saved.theirs.name }));
  }
}

/** The line of whoever looks, in a paper that they have said is theirs; for all others there is none. */
async function load(context: RequestContext, params: { conference?: string; ref?: string }, viewer: Viewer) {
  const conference = await context.conference(params.conference);
  const submission = await ownSubmission(context.db, conference.id, params.ref ?? '', viewer);
  const own = submission?.authors.find((author) => author.state === 'confirmed' && isPerson(viewer, author));
  if (!submission || !own) throw notFound();
  return { conference, submission, own };
}

export default function OwnAuthorship() {
  const t = useTranslate();
  const { slug, ref, paper, line, spelling, leaves, kept } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  return (
    <section className="narrow stack">
      <p className="crumb">
        <a href={`/${slug}/submissions/${encodeURIComponent(ref)}`}>
          <span className="ref">{ref}</span> <bdi>{paper}</bdi>
        </a>
      </p>
      <h1>{t('authorship.ownTitle')}</h1>
      <OwnLineForm
        line={line}
        spelling={spelling}
        intent="save"
        button={t('form.save')}
        lastResult={answered?.result ?? kept}
        stale={answered !== undefined && 'stale' in answered && answered.stale}
        keptAs={`${slug}/own-line/${ref}`}
      />
      {leaves && (
        <details className="danger">
          <summary>{t('authorship.leave')}</summary>
          <form method="post">
            <p>{t('authorship.leaveLead')}</p>
            <button type="submit" name="intent" value="leave" className="warn">
              {t('authorship.leave')}
            </button>
          </form>
        </details>
      )}
    </section>
  );
}
