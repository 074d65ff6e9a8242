import { getFormProps, useForm } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { v4 as newKey } from 'uuid';
import { notFound, signInKeeping } from '~/auth/gate.server';
import { keptResult } from '~/auth/keeping.server';
import type { RequestContext } from '~/context.server';
import { newChallenge } from '~/domain/account/proof.server';
import { hasAnyRole } from '~/domain/account/viewer';
import { sendMessage } from '~/domain/message/commands.server';
import { recipientsOf } from '~/domain/message/recipients.server';
import { requestMessage } from '~/domain/message/requests.server';
import { type GuestMessageInput, guestMessageSchema, type MessageInput, messageSchema } from '~/domain/message/schema';
import { paperByRef } from '~/domain/programme/queries.server';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { redirectTo } from '~/http/redirect.server';
import { refusalSentence, refusalStatus } from '~/http/sentences.server';
import { Consent, ErrorSummary, FieldErrors, RequiredMark, TextArea, TextField } from '~/ui/fields';
import { keep } from '~/ui/keep';
import { parseForm } from '~/ui/parse-form';
import { useProofOfWork } from '~/ui/proof-of-work';
import { useTranslate } from '~/ui/translate';

/** Scripts are for the proof of work that guests do; what one types is kept. */
export const handle = {
  keeps: true,
  times: true,
  scripts: (data: Awaited<ReturnType<typeof loader>> | undefined) => Boolean(data?.challenge),
};

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data?.title },
  { name: 'robots', content: 'noindex' },
];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const { conference, viewer, paper } = await load(context, params);
  const participates = hasAnyRole(viewer, conference.id);
  const { recipients, others } = await recipientsOf(context.db, paper, { participates });
  return {
    title: `${context.t('message.title')} · ${paper.ref}`,
    slug: conference.slug,
    paper: { ref: paper.ref, title: paper.title },
    authors: recipients.map(({ id, name, consent }) => ({ id, name, consent })),
    others,
    signInFirst: `/sign-in?${new URLSearchParams({ next: new URL(request.url).pathname })}`,
    guest: viewer === null,
    sent: new URL(request.url).searchParams.has('sent'),
    captured: context.config.smtp === null,
    key: newKey(),
    challenge: viewer ? null : await newChallenge(context),
    kept: viewer && (await keptResult(context, request)),
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const { conference, viewer, paper } = await load(context, params);
  const here = `/${conference.slug}/papers/${encodeURIComponent(paper.ref)}/message`;
  if (viewer) {
    const submission = parseForm(form, messageSchema, context.t);
    if (submission.status !== 'success') return refused(submission.reply());
    const sent = await sendMessage(
      context,
      conference,
      paper,
      viewer,
      submission.value as MessageInput,
      context.network,
    );
    if (!sent.ok)
      return refused(
        submission.reply({ formErrors: [await refusalSentence(context, sent, conference)] }),
        {},
        refusalStatus(sent),
      );
    return redirectWithNotice(`/${conference.slug}/messages`, 'notice.messageQueued');
  }
  const submission = parseForm(form, guestMessageSchema, context.t);
  if (submission.status !== 'success') return refused(submission.reply());
  const proof = String(form.get('proof') ?? '');
  // Without a script there is no proof of work; whoever signs in needs none.
  if (!proof) return signInKeeping(context, request, form, { itself: true }, 'notice.signInToSend');
  const sent = await requestMessage(context, conference, paper, submission.value as GuestMessageInput, {
    network: context.network,
    proof,
  });
  if (!sent.ok && sent.reason === 'links')
    return signInKeeping(context, request, form, { itself: true }, 'notice.signInForLinks');
  if (!sent.ok)
    return refused(
      submission.reply({ formErrors: [await refusalSentence(context, sent, conference)] }),
      {},
      refusalStatus(sent),
    );
  return redirectTo(`${here}?sent=1`, { status: 303 });
}

async function load(context: RequestContext, params: { conference?: string; ref?: string }) {
  const [conference, viewer] = await Promise.all([context.conference(params.conference), context.viewer()]);
  const paper = await paperByRef(context.db, conference.id, params.ref ?? '', null);
  if (!paper) throw notFound();
  return { conference, viewer, paper };
}

export default function WriteToAuthor() {
  const t = useTranslate();
  const { slug, paper, authors, others, signInFirst, guest, sent, captured, key, challenge, kept } =
    useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>()?.result ?? kept ?? undefined;
  const proof = useProofOfWork(challenge);
  const [form, fields] = useForm<
    Record<'key' | 'subject' | 'body' | 'name' | 'address' | 'consent', string> & { to: string[] }
  >({
    id: 'message',
    lastResult,
    defaultValue: { key, to: authors.map((author) => author.id) },
  });
  const { onSubmit, ...formProps } = getFormProps(form);
  const chosen = [fields.to.initialValue].flat();
  const label = (name: string) =>
    ({
      name: t('message.name'),
      address: t('message.address'),
      subject: t('message.subject'),
      body: t('message.body'),
      to: t('message.to'),
      consent: t('message.consent'),
    })[name.replace(/\[.*/, '')] ?? t('form.form');
  return (
    <section className="narrow">
      <p className="crumb">
        <a href={`/${slug}/papers/${encodeURIComponent(paper.ref)}`}>
          <span className="ref">{paper.ref}</span> <bdi>{paper.title}</bdi>
        </a>
      </p>
      <h1>{t('message.title')}</h1>
      {sent && !lastResult ? (
        <>
          <p>{t('message.confirm')}</p>
          {captured && (
            <p>
              <a href="/dev/mail">{t('signIn.captured')}</a>
            </p>
          )}
        </>
      ) : authors.length === 0 ? (
        <p className="empty">
          {t(others ? 'message.participantsOnly' : 'message.nobody')}{' '}
          {others && guest && <a href={signInFirst}>{t('layout.signIn')}</a>}
        </p>
      ) : (
        <>
          <p>{t('message.lead')}</p>
          <form
            method="post"
            {...formProps}
            {...keep(`${slug}/write/${paper.ref}`, lastResult)}
            onSubmit={(event) => {
              proof.onSubmit(event);
              if (!event.defaultPrevented) onSubmit(event);
            }}
            noValidate
          >
            {guest && <input {...proof.field} />}
            <ErrorSummary form={form} labels={label} />
            <input type="hidden" name="key" value={text(fields.key.initialValue) || key} />
            <fieldset id={fields.to.id} className={fields.to.errors ? 'field wrong' : 'field'}>
              <legend>
                {t('message.to')}
                <RequiredMark />
              </legend>
              {authors.map((author) => (
                <div className="check" key={author.id}>
                  <input
                    type="checkbox"
                    id={`to-${author.id}`}
                    name="to"
                    value={author.id}
                    defaultChecked={chosen.includes(author.id)}
                  />
                  <label htmlFor={`to-${author.id}`} dir="auto">
                    {author.name}
                  </label>
                  {author.consent !== 'given' && <span className="hint">{t(`message.${author.consent}`)}</span>}
                </div>
              ))}
              {others && <p className="hint">{t('message.others')}</p>}
              <FieldErrors field={fields.to} />
            </fieldset>
            {guest && (
              <>
                <TextField
                  field={fields.name}
                  label={t('message.name')}
                  hint={t('message.nameHint')}
                  autoComplete="name"
                />
                <TextField
                  field={fields.address}
                  label={t('message.address')}
                  hint={t('message.addressHint')}
                  type="email"
                  autoComplete="email"
                  inputMode="email"
                />
              </>
            )}
            <TextField field={fields.subject} label={t('message.subject')} />
            <TextArea field={fields.body} label={t('message.body')} rows={10} />
            <Consent field={fields.consent} label={t('message.consent')} />
            <p className="hint">{t('message.whoReads', { count: authors.length })}</p>
            <button type="submit">{t(guest ? 'message.continue' : 'message.send')}</button>
          </form>
        </>
      )}
    </section>
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
