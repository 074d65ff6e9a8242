import { getFormProps, type SubmissionResult, useForm } from '@conform-to/react';
import type { HeldReason } from '#db/schema';
import { Consent, ErrorSummary, TextArea } from './fields';
import { keep } from './keep';
import { useTranslate } from './translate';

/** An answer that came by mail and waits for its writer's word. */
export function HeldReplyForm({
  reply,
  next,
  lastResult,
}: {
  reply: { id: string; body: string; leftOut: string; reason: HeldReason };
  /** The one to go on with, once this is settled. */
  next?: string;
  lastResult: SubmissionResult<string[]> | null;
}) {
  const t = useTranslate();
  const [form, fields] = useForm<{ body: string; consent: string }>({
    id: `held-${reply.id}`,
    lastResult: lastResult ?? undefined,
    defaultValue: { body: reply.body },
  });
  return (
    <section className="held" aria-labelledby={`title-${reply.id}`}>
      <h2 id={`title-${reply.id}`} tabIndex={-1}>
        {t('held.title')}
      </h2>
      <p>
        {t(`held.${reply.reason}`)} {t('held.kept')}
      </p>
      <form method="post" {...getFormProps(form)} {...keep(`held/${reply.id}`, lastResult)} noValidate>
        <ErrorSummary form={form} labels={(name) => t(name === 'consent' ? 'message.consent' : 'held.body')} />
        <input type="hidden" name="id" value={reply.id} />
        {next && <input type="hidden" name="next" value={`title-${next}`} />}
        <TextArea field={fields.body} label={t('held.body')} rows={8} />
        {reply.leftOut && (
          <details className="hint">
            <summary>{t('held.leftOut')}</summary>
            <div className="letter" dir="auto">
              {reply.leftOut}
            </div>
          </details>
        )}
        <Consent field={fields.consent} label={t('message.consent')} asked={reply.reason === 'address'} />
        <div className="actions">
          <button type="submit" name="intent" value="release">
            {t('held.send')}
          </button>
          <button type="submit" name="intent" value="discard" className="secondary">
            {t('held.discard')}
          </button>
        </div>
      </form>
    </section>
  );
}
