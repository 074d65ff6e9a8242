import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { developmentOnly } from '~/auth/gate.server';
import { capturedMails } from '~/domain/mail/captured.server';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction = () => [{ title: 'Captured mail · Colloquy' }];

export async function loader({ context }: LoaderFunctionArgs) {
  developmentOnly(context);
  const mails = await capturedMails(context.capturedMail, 100);
  return { mails: mails.map(({ id, to, subject, date }) => ({ id, to, subject, date })) };
}

export default function Mails() {
  const t = useTranslate();
  const { mails } = useLoaderData<typeof loader>();
  return (
    <>
      <h1>{t('dev.mailTitle')}</h1>
      <p>{t('dev.mailLead')}</p>
      {mails.length === 0 && <p className="empty">{t('dev.noMail')}</p>}
      <ul className="lines">
        {mails.map((mail) => (
          <li key={mail.id}>
            <a href={`/dev/mail/${mail.id}`} dir="auto">
              {mail.subject}
            </a>
            <span className="meta">
              {mail.to} · {mail.date}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
