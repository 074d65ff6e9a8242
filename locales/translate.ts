import { IntlMessageFormat } from 'intl-messageformat';
import english from './en.json';

export type MessageKey = keyof typeof english;
export type Values = Record<string, string | number | Date>;
/** Says the message of that key in one language. Messages are ICU MessageFormat. */
export type Translate = (key: MessageKey, values?: Values) => string;

const catalogues: Record<string, Partial<Record<MessageKey, string>>> = {};
// A file beside this one is all that a further language takes.
for (const [path, module] of Object.entries(import.meta.glob('./*.json', { eager: true }))) {
  catalogues[path.slice(2, -5)] = (module as { default: Record<string, string> }).default;
}

export const locales: readonly string[] = Object.keys(catalogues);
const DEFAULT_LOCALE = 'en';
const translators = new Map<string, Translate>();

/** The translator for a locale that has a catalogue; English fills what a catalogue lacks. */
export function translator(locale: string): Translate {
  const name = locale in catalogues ? locale : DEFAULT_LOCALE;
  let translate = translators.get(name);
  if (!translate) {
    translate = makeTranslator(name);
    translators.set(name, translate);
  }
  return translate;
}

/** The best of our locales for an Accept-Language header (RFC 9110, 12.5.4). */
export function negotiateLocale(acceptLanguage: string | null): string {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', q] = part.trim().split(/;\s*q=/);
      return { tag: tag.toLowerCase(), q: q === undefined ? 1 : Number(q) || 0 };
    })
    .filter(({ tag, q }) => tag && q > 0)
    .sort((a, b) => b.q - a.q);
  for (const { tag } of wanted) {
    const found =
      locales.find((locale) => locale.toLowerCase() === tag) ?? locales.find((locale) => locale === tag.split('-')[0]);
    if (found) return found;
  }
  return DEFAULT_LOCALE;
}

function makeTranslator(locale: string): Translate {
  const formats = new Map<MessageKey, IntlMessageFormat>();
  return (key, values) => {
    const message = catalogues[locale]?.[key] ?? english[key] ?? key;
    if (!values) return message;
    let format = formats.get(key);
    if (!format) {
      format = new IntlMessageFormat(message, locale, undefined, { ignoreTag: true });
      formats.set(key, format);
    }
    return String(format.format(values));
  };
}
