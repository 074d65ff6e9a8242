import type { MessageKey } from '#locales/translate';
import { useTranslate } from './translate';

/** That something which was sent before signing in is not done yet; where nothing on the page shows it, its button. */
export function WaitingForm({
  waiting: { what, retry },
}: {
  waiting: {
    what: 'form' | 'otherAccount' | 'button' | 'elsewhere' | 'otherBrowser';
    retry: { path: string; fields: [string, string][]; label: MessageKey } | null;
  };
}) {
  const t = useTranslate();
  return (
    <section className="notice" role="status" data-other-account={what === 'otherAccount' ? '' : undefined}>
      <p>{t(`waiting.${what}`)}</p>
      {retry && (
        <form method="post" action={retry.path}>
          {retry.fields.map(([name, value], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and a name may stand in it twice
            <input key={index} type="hidden" name={name} value={value} />
          ))}
          <button type="submit">{t(retry.label)}</button>
        </form>
      )}
    </section>
  );
}
