import { getFormProps, useForm } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { keptResult } from '~/auth/keeping.server';
import { blockKey, blocksOf, unblock } from '~/domain/account/blocks.server';
import { zonesOf } from '~/domain/conference/queries.server';
import { ownRules, type Rules, setPaperRule, setRules } from '~/domain/message/rules.server';
import { paperRuleSchema, rulesSchema } from '~/domain/message/schema';
import { timeZone, timeZones } from '~/domain/time-zones.server';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { anchored, neighbour } from '~/paths';
import { ErrorSummary, TextField } from '~/ui/fields';
import { keep } from '~/ui/keep';
import { LettersFrom, RULES } from '~/ui/letters-from';
import { parseForm } from '~/ui/parse-form';
import { useTranslate } from '~/ui/translate';
import { ZoneField } from '~/ui/zone-field';

/** What one types is kept. */
export const handle = { keeps: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

const HERE = '/account/letters';

export async function loader({ context, request }: LoaderFunctionArgs) {
  const viewer = await requireViewer(context, request);
  const [{ papers, lettersFrom, quiet }, blocks, conferenceZones] = await Promise.all([
    ownRules(context.db, viewer),
    blocksOf(context.db, viewer.mailboxIds),
    zonesOf(context.db, [...new Set(viewer.roles.map((role) => role.conferenceId))]),
  ]);
  const now = context.clock.now();
  const likely = [...new Set([...(quiet ? [quiet.zone] : []), ...conferenceZones])];
  return {
    title: `${context.t('letters.title')} · Colloquy`,
    values: formValues({ lettersFrom, quiet }),
    zones: {
      groups: timeZones(now),
      likely: likely.map((zone) => timeZone(zone, now)).filter((zone) => zone !== null),
    },
    kept: await keptResult(context, request),
    papers,
    blocks: blocks.map((block) => ({ key: blockKey(context.config, block), name: block.name })),
  };
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const viewer = await requireViewerKeeping(context, request, form, {
    itself: true,
    button: form.has('intent'),
  });
  switch (form.get('intent')) {
    case 'unblock': {
      const blocks = await blocksOf(context.db, viewer.mailboxIds);
      const found = blocks.find((one) => blockKey(context.config, one) === form.get('block'));
      if (found) await unblock(context, viewer, found.blockedMailboxId);
      return redirectWithNotice(anchored(HERE, String(form.get('next') || 'blocked')), 'notice.unblocked');
    }
    case 'paper': {
      const submission = parseForm(form, paperRuleSchema, context.t);
      if (submission.status !== 'success') throw new Response(null, { status: 400 });
      const { paper, lettersFrom = null } = submission.value;
      if (!(await setPaperRule(context, viewer, paper, lettersFrom))) throw notFound();
      return redirectWithNotice(anchored(HERE, `save-${paper}`), 'notice.saved');
    }
    default: {
      const submission = parseForm(form, rulesSchema, context.t);
      if (submission.status !== 'success') return refused(submission.reply());
      const now = JSON.stringify(formValues(await ownRules(context.db, viewer)));
      const was = form.get('was');
      if (was !== null && was !== now && now !== JSON.stringify(formValues(submission.value as Rules)))
        return refused(submission.reply({ formErrors: [context.t('letters.stale')] }), { overtaken: true }, 409);
      await setRules(context, viewer, submission.value as Rules);
      return redirectWithNotice(anchored(HERE, 'save'), 'notice.saved');
    }
  }
}

function formValues({ lettersFrom, quiet }: Rules) {
  return {
    lettersFrom: lettersFrom as string,
    quietFrom: quiet?.from ?? '',
    quietUntil: quiet?.until ?? '',
    quietZone: quiet?.zone ?? '',
  };
}

export default function RulesPage() {
  const t = useTranslate();
  const { values, zones, kept, papers, blocks } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const lastResult = answered?.result ?? kept;
  const overtaken = answered !== undefined && 'overtaken' in answered;
  const now = JSON.stringify(values);
  const [form, fields] = useForm<typeof values>({ id: 'rules', lastResult, defaultValue: values });
  const labels: Record<string, string> = {
    lettersFrom: t('letters.from'),
    quietFrom: t('letters.quietFrom'),
    quietUntil: t('letters.quietUntil'),
    quietZone: t('organise.timeZone'),
  };
  return (
    <div className="narrow stack">
      <p className="crumb">
        <a href="/account">{t('account.title')}</a>
      </p>
      <h1>{t('letters.title')}</h1>
      <form method="post" {...getFormProps(form)} {...keep('account/rules', lastResult)} noValidate>
        <ErrorSummary form={form} labels={(name) => labels[name] ?? t('form.form')} />
        {overtaken && (
          <p className="theirs">
            {t('submit.theirs')}: {t(`letters.rule.${values.lettersFrom as 'anyone'}`)}
            {values.quietFrom && ` · ${values.quietFrom}–${values.quietUntil} ${values.quietZone}`}
          </p>
        )}
        <input
          type="hidden"
          name="was"
          value={overtaken ? now : String((lastResult?.initialValue as { was?: string } | undefined)?.was ?? now)}
        />
        <LettersFrom field={fields.lettersFrom} />
        <fieldset className="field">
          <legend>{t('letters.quiet')}</legend>
          <p className="hint">{t('letters.quietHint')}</p>
          <div className="columns">
            <TextField field={fields.quietFrom} label={labels.quietFrom!} type="time" optional />
            <TextField field={fields.quietUntil} label={labels.quietUntil!} type="time" optional />
          </div>
          <ZoneField field={fields.quietZone} label={labels.quietZone!} zones={zones} optional guess />
        </fieldset>
        <button type="submit" id="save">
          {t('form.save')}
        </button>
      </form>
      {papers.length > 0 && (
        <section>
          <h2>{t('letters.papers')}</h2>
          <ul className="lines">
            {papers.map((paper) => (
              <li key={paper.submissionId}>
                <form method="post" className="row">
                  <input type="hidden" name="paper" value={paper.submissionId} />
                  <label htmlFor={`paper-${paper.submissionId}`}>
                    <span className="ref">{paper.ref}</span> <bdi>{paper.title}</bdi>{' '}
                    <span className="meta">
                      <bdi>{paper.conference}</bdi>
                    </span>
                  </label>
                  <span className="actions">
                    <select
                      id={`paper-${paper.submissionId}`}
                      name="lettersFrom"
                      defaultValue={paper.lettersFrom ?? ''}
                    >
                      <option value="">{t('letters.asForAll')}</option>
                      {RULES.map((rule) => (
                        <option key={rule} value={rule}>
                          {t(`letters.rule.${rule}`)}
                        </option>
                      ))}
                    </select>
                    <button
                      type="submit"
                      id={`save-${paper.submissionId}`}
                      name="intent"
                      value="paper"
                      className="secondary"
                      aria-label={t('letters.savePaper', { ref: paper.ref })}
                    >
                      {t('form.save')}
                    </button>
                  </span>
                </form>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2 id="blocked" tabIndex={-1}>
          {t('letters.blocked')}
        </h2>
        <p>{t(blocks.length === 0 ? 'letters.nobodyBlocked' : 'letters.blockedLead')}</p>
        <ul className="lines">
          {blocks.map((block, index) => (
            <li key={block.key} className="row" id={block.key} tabIndex={-1}>
              <bdi>{block.name}</bdi>
              <form method="post">
                <input type="hidden" name="block" value={block.key} />
                <input type="hidden" name="next" value={neighbour(blocks, index)?.key ?? ''} />
                <button
                  type="submit"
                  name="intent"
                  value="unblock"
                  className="plain"
                  aria-label={t('letters.unblockLabel', { name: block.name })}
                >
                  {t('letters.unblock')}
                </button>
              </form>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
