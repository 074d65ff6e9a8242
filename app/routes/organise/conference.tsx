import { getFormProps, type SubmissionResult, useForm } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { keptResult } from '~/auth/keeping.server';
import type { RequestContext } from '~/context.server';
import { editConference } from '~/domain/conference/commands.server';
import { formValues, mergeForms } from '~/domain/conference/form-values';
import { mayOrganise } from '~/domain/conference/policy';
import { type Conference, conferenceBySlug } from '~/domain/conference/queries.server';
import { type ConferenceInput, conferenceSchema } from '~/domain/conference/schema';
import { formatDifference, type MovedTime, movedTimes } from '~/domain/conference/zone-change';
import { unreachableAuthors, waitingForAuthors } from '~/domain/message/unreached.server';
import { publishAccepted } from '~/domain/review/commands.server';
import { submissionCounts } from '~/domain/review/queries.server';
import { timeZone, timeZones } from '~/domain/time-zones.server';
import { formatInstant } from '~/domain/zoned-time';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { ErrorSummary, TextField } from '~/ui/fields';
import { keep } from '~/ui/keep';
import { OrganiseNav } from '~/ui/organise-nav';
import { parseForm } from '~/ui/parse-form';
import { useTranslate } from '~/ui/translate';
import { ZoneField, zoneLabel } from '~/ui/zone-field';
import { ZoneQuestion, type ZoneQuestionProps } from '~/ui/zone-question';

/** What one types is kept. */
export const handle = { keeps: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  if (!mayOrganise(viewer, conference)) throw notFound();
  const [counts, waiting, unreachable, kept] = await Promise.all([
    submissionCounts(context.db, conference.id),
    waitingForAuthors(context.db, conference.id),
    unreachableAuthors(context.db, conference.id),
    keptResult(context, request),
  ]);
  return {
    title: `${context.t('organise.title')} · ${conference.name}`,
    slug: conference.slug,
    values: formValues(conference),
    zones: {
      groups: timeZones(context.clock.now()),
      likely: [timeZone(conference.timeZone, context.clock.now())].filter((zone) => zone !== null),
    },
    counts,
    waiting,
    unreachable,
    kept,
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const conference = await context.conference(params.conference);
  const form = await readForm(request);
  const viewer = await requireViewerKeeping(context, request, form, { button: form.get('intent') === 'publish' });
  if (!mayOrganise(viewer, conference)) throw notFound();
  const here = `/${conference.slug}/organise`;
  if (form.get('intent') === 'publish') {
    const count = await publishAccepted(context, conference);
    return redirectWithNotice(here, { notice: 'notice.publishedAll', values: { count } });
  }
  const submission = parseForm(form, conferenceSchema, context.t);
  if (submission.status !== 'success') return refused(submission.reply());
  const asked = zoneAsked(context, conference, form, submission.value as ConferenceInput);
  if (asked) return refused(submission.reply({ fieldErrors: asked.errors }), { question: asked.question });
  if (await editConference(context, conference, submission.value as ConferenceInput))
    return redirectWithNotice(here, 'notice.saved');
  return overtaken(context, conference, form, submission.reply({ formErrors: [context.t('organise.stale')] }));
}

/**
 * What has to be asked before a conference's zone changes; null: nothing, and the times of `input` are then as they were
 * answered for.
 */
function zoneAsked(context: RequestContext, conference: Conference, form: FormData, input: ConferenceInput) {
  const moved = movedTimes(localTimes(form), { from: conference.timeZone, to: input.timeZone });
  const answered = input.timesIn === conference.timeZone || input.timesIn === input.timeZone;
  // A stale form is told so first: what it asks for is compared with a zone that it has not seen.
  if (moved.length > 0 && !answered && input.revision === conference.revision)
    return {
      errors: { timesIn: [context.t('organise.zoneAsk')] },
      question: zoneQuestion(context, conference.timeZone, input.timeZone, moved),
    };
  // On the old clock: the moments stay.
  if (input.timesIn === conference.timeZone) for (const { field, atTheMoment } of moved) input[field] = atTheMoment;
  return null;
}

/** Somebody else has saved: what this form has not touched is as they have put it, what both have touched is shown. */
async function overtaken(
  context: RequestContext,
  conference: Conference,
  form: FormData,
  refusal: SubmissionResult<string[]>,
) {
  const saved = await conferenceBySlug(context.db, conference.slug);
  if (!saved) throw notFound();
  const theirs = formValues(saved);
  const { merged: initialValue, conflicts } = mergeForms(form.get('was'), Object.fromEntries(form), theirs);
  if (conflicts.length === 0) {
    const again = toForm(initialValue);
    const parsed = parseForm(again, conferenceSchema, context.t);
    if (parsed.status === 'success') {
      const input = parsed.value as ConferenceInput;
      const asked = zoneAsked(context, saved, again, input);
      if (asked) {
        const result = parsed.reply({ fieldErrors: asked.errors });
        const read = { ...initialValue, was: JSON.stringify(theirs) };
        return refused({ ...result, initialValue: read }, { question: asked.question });
      }
      if (await editConference(context, saved, input))
        return redirectWithNotice(`/${conference.slug}/organise`, 'notice.savedMerged');
    }
  }
  return refused({ ...refusal, initialValue }, { theirs, conflicts: conflicts as string[] }, 409);
}

function toForm(values: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) form.append(name, value);
  return form;
}

function localTimes(form: FormData) {
  return { opensAt: String(form.get('opensAt') ?? ''), closesAt: String(form.get('closesAt') ?? '') };
}

function zoneQuestion(context: RequestContext, from: string, to: string, moved: MovedTime[]): ZoneQuestionProps {
  const named = (name: string) => {
    const zone = timeZone(name, context.clock.now());
    return { name, label: zone ? zoneLabel(zone) : name };
  };
  return {
    from: named(from),
    to: named(to),
    lines: moved.map(({ field, onTheClock, atTheMoment }) => ({
      what: context.t(`organise.${field}`),
      onTheClock: formatInstant(onTheClock, to),
      difference: formatDifference(onTheClock.getTime() - atTheMoment.getTime(), context.locale),
      later: onTheClock > atTheMoment,
      atTheMoment: formatInstant(atTheMoment, to),
    })),
  };
}

export default function Organise() {
  const t = useTranslate();
  const { slug, values, zones, counts, waiting, unreachable, kept } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const theirs = answered && 'theirs' in answered ? answered.theirs : undefined;
  const question = answered && 'question' in answered ? answered.question : undefined;
  const conflicts = answered && 'conflicts' in answered ? answered.conflicts : [];
  const lastResult = answered?.result ?? kept;
  const [form, fields] = useForm<ReturnType<typeof formValues>>({ id: 'conference', lastResult, defaultValue: values });
  const labels: Record<string, string> = {
    name: t('organise.name'),
    startsOn: t('organise.startsOn'),
    endsOn: t('organise.endsOn'),
    timeZone: t('organise.timeZone'),
    opensAt: t('organise.opensAt'),
    closesAt: t('organise.closesAt'),
    refPrefix: t('organise.refPrefix'),
    lettersWeeks: t('organise.lettersWeeks'),
  };
  const clock = zones.likely[0] ? zoneLabel(zones.likely[0]) : values.timeZone;
  return (
    <>
      <h1>{t('organise.title')}</h1>
      <OrganiseNav slug={slug} current="conference" />
      <ul className="counts">
        {(['submitted', 'accepted', 'rejected', 'withdrawn', 'draft'] as const).map((state) => (
          <li key={state}>
            <strong>{counts.states[state] ?? 0}</strong> {t(`state.${state}`)}
          </li>
        ))}
      </ul>
      {counts.unpublished > 0 && (
        <form method="post" className="panel">
          <p>{t('organise.unpublished', { count: counts.unpublished })}</p>
          <button type="submit" name="intent" value="publish">
            {t('organise.publish')}
          </button>
        </form>
      )}
      {waiting.length > 0 && (
        <section className="panel">
          <h2>{t('organise.waitingTitle')}</h2>
          <p>{t('organise.waiting')}</p>
          <ul className="plainlist">
            {waiting.map((line) => (
              <li key={line.ref + line.author}>
                <span className="ref">{line.ref}</span> <bdi>{line.author}</bdi>:{' '}
                {t('organise.waitingCount', { count: line.waiting })}
              </li>
            ))}
          </ul>
        </section>
      )}
      {unreachable.length > 0 && (
        <section className="panel">
          <h2>{t('organise.unreachableTitle')}</h2>
          <p>{t('organise.unreachable')}</p>
          <ul className="plainlist">
            {unreachable.map((line) => (
              <li key={line.ref + line.author}>
                <span className="ref">{line.ref}</span> <bdi>{line.author}</bdi>
              </li>
            ))}
          </ul>
        </section>
      )}
      <form
        method="post"
        className="narrow"
        {...getFormProps(form)}
        {...keep(`${slug}/organise`, lastResult)}
        noValidate
      >
        <h2>{t('organise.details')}</h2>
        <ErrorSummary
          form={form}
          labels={(name) => (name === 'timesIn' ? t('organise.zoneTimes') : (labels[name] ?? t('form.form')))}
        />
        {theirs && (
          <section className="theirs">
            <h3>{t('submit.theirs')}</h3>
            <dl className="facts">
              {Object.entries(labels)
                .filter(([name]) => conflicts.includes(name))
                .map(([name, label]) => (
                  <div key={name}>
                    <dt>{label}</dt>
                    <dd dir="auto">{theirs[name as keyof typeof theirs] || '–'}</dd>
                  </div>
                ))}
            </dl>
          </section>
        )}
        <input
          type="hidden"
          name="was"
          value={
            theirs
              ? JSON.stringify(theirs)
              : String((lastResult?.initialValue as { was?: string } | undefined)?.was ?? JSON.stringify(values))
          }
        />
        <input
          type="hidden"
          name="revision"
          value={theirs?.revision ?? String(fields.revision.initialValue ?? values.revision)}
        />
        <TextField field={fields.name} label={labels.name!} />
        <div className="columns">
          <TextField field={fields.startsOn} label={labels.startsOn!} type="date" optional />
          <TextField field={fields.endsOn} label={labels.endsOn!} type="date" optional />
        </div>
        <ZoneField field={fields.timeZone} label={labels.timeZone!} zones={zones} />
        {question && <ZoneQuestion field={fields.timesIn} question={question} />}
        <div className="columns">
          <TextField
            field={fields.opensAt}
            label={labels.opensAt!}
            hint={question ? undefined : t('organise.localTime', { timeZone: clock })}
            type="datetime-local"
            optional
          />
          <TextField
            field={fields.closesAt}
            label={labels.closesAt!}
            hint={question ? undefined : t('organise.localTime', { timeZone: clock })}
            type="datetime-local"
            optional
          />
        </div>
        <TextField
          field={fields.refPrefix}
          label={labels.refPrefix!}
          hint={t('organise.refPrefixHint')}
          optional
          spellCheck={false}
        />
        <TextField
          field={fields.lettersWeeks}
          label={labels.lettersWeeks!}
          hint={t('organise.lettersWeeksHint')}
          type="number"
          inputMode="numeric"
          min={0}
          max={520}
        />
        <button type="submit">{t('form.save')}</button>
      </form>
    </>
  );
}
