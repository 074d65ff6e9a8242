import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { developmentOnly, notFound } from '~/auth/gate.server';
import { capturedMail } from '~/domain/mail/captured.server';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.mail.subject }];

export async function loader({ context, params }: LoaderFunctionArgs) {
  developmentOnly(context);
  const mail = await capturedMail(context.capturedMail, params.id ?? '');
  if (!mail) throw notFound();
  return { mail, parts: linked(mail.text, context.config.origin) };
}

/** The text part, with the portal's own links to follow. */
function linked(text: string, origin: string): { text: string; href: string | null }[] {
  return text
    .split(/(https?:\/\/[^\s]+)/)
    .map((part) => ({ text: part, href: part.startsWith(`${origin}/`) ? part : null }));
}

export default function Mail() {
  const t = useTranslate();
  const { mail, parts } = useLoaderData<typeof loader>();
  return (
    <>
      <p>
        <a href="/dev/mail">{t('dev.mailTitle')}</a>
      </p>
      <h1 dir="auto">{mail.subject}</h1>
      <p className="meta">
        {mail.from} → {mail.to} · {mail.date}
      </p>
      <div className="letter" dir="auto">
        {parts.map((part, index) =>
          part.href ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts never change
            <a key={index} href={part.href}>
              {part.text}
            </a>
          ) : (
            part.text
          ),
        )}
      </div>
    </>
  );
}
