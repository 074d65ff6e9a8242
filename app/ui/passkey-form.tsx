import address from 'virtual:passkeys';
import { useRouteLoaderData } from '@remix-run/react';
import type { ReactNode } from 'react';
import { useTranslate } from './translate';

/**
 * A form that a passkey fills in. Without scripts it is not there: app/client/passkeys.ts shows it where the browser
 * knows passkeys, asks for one, and sends what it has signed. `autofill`: it is offered in the field for the address too.
 */
export function PasskeyForm({
  purpose,
  action,
  cancelled,
  autofill,
  instead,
  children,
}: {
  purpose: 'add' | 'second' | 'sign-in';
  action?: string;
  /** What is said where the person or their device has refused. */
  cancelled: string;
  autofill?: boolean;
  /** What is said where there are no scripts or no passkeys. */
  instead?: string;
  children: ReactNode;
}) {
  const t = useTranslate();
  const nonce = useRouteLoaderData<{ nonce: string }>('root')?.nonce;
  return (
    <>
      {instead && <p data-passkey-instead="">{instead}</p>}
      <form
        method="post"
        action={action}
        hidden
        data-passkey={purpose}
        data-autofill={autofill ? '' : undefined}
        data-cancelled={cancelled}
        data-unreachable={t('passkey.unreachable')}
      >
        <input type="hidden" name="response" value="" />
        {children}
        <p role="status" data-passkey-told="" />
      </form>
      <script type="module" nonce={nonce} src={address} suppressHydrationWarning />
    </>
  );
}
