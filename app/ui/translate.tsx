import { useRouteLoaderData } from '@remix-run/react';
import { type Translate, translator } from '#locales/translate';

/** The translator for the reader's language. */
export function useTranslate(): Translate {
  return translator(useLocale());
}

function useLocale(): string {
  return useRouteLoaderData<{ locale: string }>('root')?.locale ?? 'en';
}
