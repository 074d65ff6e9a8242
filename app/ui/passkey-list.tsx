import type { SubmissionResult } from '@conform-to/dom';
import { getFormProps, useForm } from '@conform-to/react';
import { ErrorSummary, TextField } from './fields';
import { PasskeyForm } from './passkey-form';
import { Timed } from './timed';
import { useTranslate } from './translate';

type Result = SubmissionResult<string[]> | undefined;

interface Passkey {
  id: string;
  name: string;
  made: string;
  used: string | null;
}

/** One's passkeys, each to be renamed; `removable`: and removed, since one has shown who one is. */
export function PasskeyList({
  passkeys,
  removable,
  resultOf,
}: {
  passkeys: Passkey[];
  removable: boolean;
  resultOf: (id: string) => Result;
}) {
  const t = useTranslate();
  return (
    <section>
      <h2 id="passkeys" tabIndex={-1} className="hidden">
        {t('passkeys.title')}
      </h2>
      {passkeys.length === 0 && <p>{t('passkeys.none')}</p>}
      <ul className="lines">
        {passkeys.map((passkey) => (
          <OnePasskey key={passkey.id} passkey={passkey} removable={removable} lastResult={resultOf(passkey.id)} />
        ))}
      </ul>
    </section>
  );
}

function OnePasskey({
  passkey: { id, name, made, used },
  removable,
  lastResult,
}: {
  passkey: Passkey;
  removable: boolean;
  lastResult: Result;
}) {
  const t = useTranslate();
  const [form, fields] = useForm<{ name: string }>({ id: `rename-${id}`, lastResult, defaultValue: { name } });
  return (
    <li id={`passkey-${id}`} tabIndex={-1}>
      <p>
        <bdi>{name}</bdi>{' '}
        <span className="meta">
          <Timed>{t('passkeys.made', { at: made })}</Timed>
          {' · '}
          {used ? <Timed>{t('passkeys.used', { at: used })}</Timed> : t('passkeys.unused')}
        </span>
      </p>
      <details open={lastResult !== undefined}>
        <summary aria-label={t('passkeys.renameLabel', { name })}>{t('passkeys.rename')}</summary>
        <form method="post" {...getFormProps(form)} noValidate>
          <ErrorSummary form={form} labels={() => t('passkeys.newName')} />
          <input type="hidden" name="passkey" value={id} />
          <TextField field={fields.name} label={t('passkeys.newName')} autoComplete="off" />
          <button type="submit" name="intent" value="rename" className="secondary">
            {t('form.save')}
          </button>
        </form>
      </details>
      {removable && (
        <form method="post">
          <input type="hidden" name="passkey" value={id} />
          <button
            type="submit"
            name="intent"
            value="remove"
            className="plain"
            aria-label={t('passkeys.removeLabel', { name })}
          >
            {t('passkeys.remove')}
          </button>
        </form>
      )}
    </li>
  );
}

export function AddPasskey({ lastResult }: { lastResult: Result }) {
  const t = useTranslate();
  const [form, fields] = useForm<{ name: string }>({ id: 'add-passkey', lastResult });
  return (
    <section>
      <h2>{t('passkeys.addTitle')}</h2>
      <ErrorSummary form={form} labels={() => t('passkeys.name')} />
      <PasskeyForm purpose="add" cancelled={t('passkeys.addCancelled')} instead={t('passkeys.needsScript')}>
        <input type="hidden" name="intent" value="add" />
        <TextField field={fields.name} label={t('passkeys.name')} hint={t('passkeys.addHint')} autoComplete="off" />
        <button type="submit">{t('passkeys.add')}</button>
      </PasskeyForm>
    </section>
  );
}

/** Whether a passkey is asked for beside a link or a password. */
export function AskForPasskey({ asks }: { asks: boolean }) {
  const t = useTranslate();
  return (
    <section>
      <h2 id="ask" tabIndex={-1}>
        {t('passkeys.askTitle')}
      </h2>
      <p>{t('passkeys.askLead')}</p>
      <form method="post">
        <div className="check">
          <input id="asks" type="checkbox" name="asks" value="on" defaultChecked={asks} />
          <label htmlFor="asks">{t('passkeys.ask')}</label>
        </div>
        <button type="submit" name="intent" value="ask">
          {t('form.save')}
        </button>
      </form>
    </section>
  );
}
