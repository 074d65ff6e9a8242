import address from 'virtual:kept-forms';
import { useTranslate } from './translate';

/** The script that keeps what is typed (app/client/kept-forms.ts), and what it is told of the page. */
export function KeptFormsScript({
  nonce,
  account,
  hydrates,
  notice,
}: {
  nonce: string;
  /** A pseudonym of who is signed in. */
  account: string;
  hydrates: boolean;
  notice: boolean;
}) {
  const t = useTranslate();
  const texts = {
    restored: t('kept.restored', { at: '{at}' }),
    discard: t('kept.discard'),
    discarded: t('kept.discarded'),
    undo: t('kept.undo'),
    offline: t('kept.offline'),
    failed: t('kept.failed'),
    changed: t('kept.changed'),
    tooLarge: t('kept.tooLarge'),
    unsent: t('kept.unsent', { at: '{at}', title: '{title}' }),
    goOn: t('kept.goOn'),
    orphan: t('kept.orphan', { at: '{at}' }),
  };
  return (
    <script
      type="module"
      id="kept-forms"
      src={address}
      nonce={nonce}
      data-account={account}
      data-hydrates={hydrates ? '' : undefined}
      data-notice={notice ? '1' : undefined}
      data-texts={JSON.stringify(texts)}
      suppressHydrationWarning
    />
  );
}
