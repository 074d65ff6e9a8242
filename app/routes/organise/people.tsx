import { getFormProps, useForm } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { forbid, notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { keptResult } from '~/auth/keeping.server';
import { invite, revokeRole } from '~/domain/account/commands.server';
import { memberKey, staffOf } from '~/domain/account/queries.server';
import { invitationSchema } from '~/domain/account/schema';
import { nameContact, removeContact } from '~/domain/conduct/commands.server';
import { mayOrganise } from '~/domain/conference/policy';
import { judgedBy } from '~/domain/review/queries.server';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { anchored, neighbour } from '~/paths';
import { ErrorSummary, Select, TextField } from '~/ui/fields';
import { keep } from '~/ui/keep';
import { OrganiseNav } from '~/ui/organise-nav';
import { parseForm } from '~/ui/parse-form';
import { RemovalQuestion } from '~/ui/removal-question';
import { useTranslate } from '~/ui/translate';

/** What one types is kept. */
export const handle = { keeps: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  if (!mayOrganise(viewer, conference)) throw notFound();
  const staff = await staffOf(context.db, conference.id);
  return {
    title: `${context.t('organise.people')} · ${conference.name}`,
    slug: conference.slug,
    staff: staff.map((member) => ({
      name: member.name,
      role: member.role,
      key: memberKey(context.config, conference.id, member),
      self: member.accountId === viewer.accountId,
    })),
    kept: await keptResult(context, request),
  };
}

/** Shown by no form: after signing in a button does them. */
const REMOVALS = ['remove', 'remove-now'];

export async function action({ context, params, request }: ActionFunctionArgs) {
  const conference = await context.conference(params.conference);
  const form = await readForm(request);
  const viewer = await requireViewerKeeping(context, request, form, {
    button: REMOVALS.includes(String(form.get('intent'))),
  });
  if (!mayOrganise(viewer, conference)) throw notFound();
  const here = `/${conference.slug}/organise/people`;
  const intent = form.get('intent');
  if (intent === 'remove' || intent === 'remove-now') {
    const member = (await staffOf(context.db, conference.id)).find(
      (one) => memberKey(context.config, conference.id, one) === form.get('member'),
    );
    if (!member) return redirectWithNotice(here, 'notice.gone');
    // An organiser cannot lock themselves out: somebody else takes the role from them.
    forbid(member.accountId !== viewer.accountId || member.role !== 'organiser');
    if (intent === 'remove') {
      const judged = await judgedBy(context.db, conference.id, member.accountId);
      return refused({ status: 'error' }, { question: { key: String(form.get('member')), ...judged } });
    }
    const removed =
      member.role === 'conduct'
        ? await removeContact(context, conference, viewer, member)
        : await revokeRole(context, viewer.accountId, member, conference.id);
    forbid(removed !== 'refused');
    const next = anchored(here, String(form.get('next') || 'invite'));
    return redirectWithNotice(next, removed === 'gone' ? 'notice.gone' : 'notice.removed');
  }
  const submission = parseForm(form, invitationSchema, context.t);
  if (submission.status !== 'success') return refused(submission.reply());
  const invited = submission.value as { address: string; name: string; role: 'reviewer' | 'organiser' | 'conduct' };
  const { mailed } =
    invited.role === 'conduct'
      ? await nameContact(context, conference, viewer, invited)
      : await invite(context, { ...invited, conference, by: viewer.accountId });
  return redirectWithNotice(here, mailed ? 'notice.invited' : 'notice.invitedBefore');
}

export default function People() {
  const t = useTranslate();
  const { slug, staff, kept } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const question = answered && 'question' in answered ? answered.question : undefined;
  const lastResult = question ? kept : (answered?.result ?? kept);
  const [form, fields] = useForm<{ name: string; address: string; role: string }>({
    id: 'invite',
    lastResult,
    defaultValue: { role: 'reviewer' },
  });
  return (
    <>
      <h1>{t('organise.people')}</h1>
      <OrganiseNav slug={slug} current="people" />
      <ul className="lines">
        {staff.map((member, index) => (
          <li key={member.key} id={member.key} tabIndex={-1} className="row">
            <span>
              <bdi>{member.name || t('people.unnamed')}</bdi> <span className="tag">{t(`role.${member.role}`)}</span>
            </span>
            {question?.key === member.key ? (
              <RemovalQuestion
                member={member}
                judged={question}
                next={neighbour(staff, index)?.key ?? ''}
                back={anchored(`/${slug}/organise/people`, member.key)}
              />
            ) : (
              !(member.self && member.role === 'organiser') && (
                <form method="post">
                  <input type="hidden" name="member" value={member.key} />
                  <button
                    type="submit"
                    name="intent"
                    value="remove"
                    className="plain"
                    aria-label={t('people.removeLabel', { name: member.name, role: t(`role.${member.role}`) })}
                  >
                    {t('organise.remove')}
                  </button>
                </form>
              )
            )}
          </li>
        ))}
      </ul>
      <form
        method="post"
        className="narrow"
        {...getFormProps(form)}
        {...keep(`${slug}/people`, lastResult)}
        tabIndex={-1}
        noValidate
      >
        <h2>{t('people.invite')}</h2>
        <p>{t('people.inviteLead')}</p>
        <ErrorSummary form={form} labels={(name) => t(name === 'address' ? 'people.address' : 'message.name')} />
        <TextField field={fields.name} label={t('message.name')} />
        <TextField
          field={fields.address}
          label={t('people.address')}
          type="email"
          inputMode="email"
          autoComplete="off"
        />
        <Select
          field={fields.role}
          label={t('people.role')}
          options={[
            { value: 'reviewer', label: t('role.reviewer') },
            { value: 'organiser', label: t('role.organiser') },
            { value: 'conduct', label: t('role.conduct') },
          ]}
        />
        <button type="submit">{t('people.send')}</button>
      </form>
    </>
  );
}
