import type { Database } from '#db/open';
import type { Id } from '#db/schema';

export interface Language {
  /** BCP 47. */
  tag: string;
  /** In the reader's language. */
  name: string;
}

export interface LanguageChoices {
  /** Offered before all others. */
  likely: Language[];
  others: Language[];
}

/** What scholars write in: ISO 639-1, languages of Eurasia that it lacks, and those written in two scripts. */
const TAGS = (
  'ab aa af ak sq am ar an hy as av ay az bm ba eu be bn bi bs br bg my ca ch ce ny zh-Hans zh-Hant cv kw co cr hr cs da dv nl dz en eo et ee fo ' +
  'fj fi fr ff gl ka de el gn gu ht ha he hi ho hu is ig id ia iu ga it ja jv kl kn ks kk km ki rw rn ky kv kg ko ku ckb kmr la lb lg li ln lo ' +
  'lt lu lv gv mk mg ms ml mt mi mr mh mn mn-Mong na nv ne ng nb nn no oc oj or om os pa pi ps fa prs pl pt qu rm ro ru sa sc sd se sm sg sr sr-Latn ' +
  'gd sn si sk sl so st es su sw ss sv ta te tg th ti bo tk tl tn to tr ts tt ty ug uk ur uz uz-Cyrl ve vi vo wa cy wo fy xh yi yo za zu ' +
  'kaa crh tyv sah xal bua krc kum nog gag alt kjh cjs dng sgh bal glk lzz mzn azb inh kbd ady lez udm chm myv mdf rue ' +
  'grc cop syr akk egy sux cu ota chg pal peo sog xto otk orv non ang gez arc ' +
  'ast fur hsb dsb szl csb sco nds gsw vec scn yue nan wuu bho mai mni sat kok brx doi hil ceb ilo war haw fil'
).split(' ');

const lists = new Map<string, Language[]>();

/** All languages by their names in the reader's. Built once for each of those. */
function languages(locale: string): Language[] {
  let list = lists.get(locale);
  if (!list) {
    const byName = new Intl.Collator(locale).compare;
    list = TAGS.map((tag) => ({ tag, name: languageName(tag, locale) }))
      // A platform with few names has few languages: a code is no choice.
      .filter(({ tag, name }, at, named) => name !== tag && named.findIndex((one) => one.name === name) === at)
      .sort((a, b) => byName(a.name, b.name));
    lists.set(locale, list);
  }
  return list;
}

/** The name of a language; the tag where it has none. */
function languageName(tag: string, locale: string): string {
  try {
    return new Intl.DisplayNames([locale], { type: 'language', languageDisplay: 'standard' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/**
 * The languages to choose from. First those that are likely: the one stored, what the abstract is written in, what others
 * wrote to this conference in, what the reader's browser asks for. None is chosen for anybody.
 */
export async function languageChoices(
  db: Database,
  conferenceId: Id<'conference'>,
  reader: { locale: string; acceptLanguage: string | null; stored?: string; text?: string },
): Promise<LanguageChoices> {
  const all = languages(reader.locale);
  const ofText = byScript(reader.text ?? '');
  const guessed = [...(await languagesOf(db, conferenceId)), ...accepted(reader.acceptLanguage)];
  const known = new Map(all.map((language) => [language.tag, language]));
  const likely = [...new Set([...ofText, ...guessed])].flatMap((tag) => known.get(tag) ?? []).slice(0, MAX_LIKELY);
  const { stored } = reader;
  // What was imported or typed in former times may be any tag.
  const kept = stored && { tag: stored, name: languageName(stored, reader.locale) };
  const first = kept ? [kept, ...likely.filter(({ tag }) => tag !== stored)] : likely;
  return { likely: first, others: all.filter((one) => !first.some(({ tag }) => tag === one.tag)) };
}

const MAX_LIKELY = 8;
const MAX_LOOKED_AT = 200;

/** In which the newest submissions are written, the most frequent first. */
async function languagesOf(db: Database, conferenceId: Id<'conference'>): Promise<string[]> {
  const rows = await db
    .selectFrom('submissions')
    .innerJoin('submission_versions', 'submission_versions.id', 'submissions.current_version_id')
    .select('submission_versions.language')
    .where('submissions.conference_id', '=', conferenceId)
    .where('submissions.submitted_at', 'is not', null)
    .orderBy('submissions.seq', 'desc')
    .limit(MAX_LOOKED_AT)
    .execute();
  const counts = new Map<string, number>();
  for (const { language } of rows) if (language) counts.set(language, (counts.get(language) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([tag]) => tag);
}

/** Of an Accept-Language header (RFC 9110, 12.5.4), in the order in which browsers write it. */
function accepted(header: string | null): string[] {
  return (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => part.split(';')[0]!.trim())
    .flatMap((tag) => [REGIONAL[tag.toLowerCase()] ?? tag, tag.split('-')[0]!.toLowerCase()]);
}

const REGIONAL: Record<string, string> = {
  zh: 'zh-Hans',
  'zh-cn': 'zh-Hans',
  'zh-sg': 'zh-Hans',
  'zh-tw': 'zh-Hant',
  'zh-hk': 'zh-Hant',
  'zh-mo': 'zh-Hant',
};

/** Scripts that tell the language, or nearly. */
const SCRIPTS: [RegExp, string[]][] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, ['ja']],
  [/\p{Script=Hangul}/gu, ['ko']],
  [/\p{Script=Han}/gu, ['zh-Hans', 'zh-Hant', 'ja']],
  [/\p{Script=Thai}/gu, ['th']],
  [/\p{Script=Lao}/gu, ['lo']],
  [/\p{Script=Khmer}/gu, ['km']],
  [/\p{Script=Myanmar}/gu, ['my']],
  [/\p{Script=Georgian}/gu, ['ka']],
  [/\p{Script=Armenian}/gu, ['hy']],
  [/\p{Script=Hebrew}/gu, ['he', 'yi']],
  [/\p{Script=Greek}/gu, ['el', 'grc']],
  [/\p{Script=Devanagari}/gu, ['hi', 'mr', 'ne', 'sa']],
  [/\p{Script=Bengali}/gu, ['bn', 'as']],
  [/\p{Script=Tamil}/gu, ['ta']],
  [/\p{Script=Telugu}/gu, ['te']],
  [/\p{Script=Ethiopic}/gu, ['am', 'ti']],
  [/\p{Script=Tibetan}/gu, ['bo', 'dz']],
  [/\p{Script=Mongolian}/gu, ['mn-Mong']],
  [/\p{Script=Arabic}/gu, ['ar', 'fa', 'ur', 'ug', 'ps', 'prs', 'ckb', 'sd', 'azb', 'ota']],
  [/\p{Script=Cyrillic}/gu, ['ru', 'kk', 'ky', 'uk', 'tg', 'mn', 'uz-Cyrl', 'be', 'bg', 'sr', 'mk', 'tt', 'ba']],
];
/** Letters that one of the languages of a script has and its others lack. */
const LETTERS: [RegExp, string[]][] = [
  [/[әғқңұһі]/giu, ['kk']],
  [/[ўҳқғ]/giu, ['uz-Cyrl', 'tg']],
  [/[їєґ]/giu, ['uk']],
  [/[پچژگی]/gu, ['fa', 'ur', 'prs', 'ckb', 'ug', 'ps']],
  [/[ێەڕڵۆ]/gu, ['ckb', 'ug']],
];

/** The languages that a text may be in, by its letters: a guess, and none for the Latin ones. */
function byScript(text: string): string[] {
  const begun = text.slice(0, 2_000);
  const letters = begun.match(/\p{L}/gu)?.length ?? 0;
  const found = SCRIPTS.find(([script]) => (begun.match(script)?.length ?? 0) > letters / 4);
  if (!found) return [];
  const [, tags] = found;
  const first = LETTERS.filter(([own]) => (begun.match(own)?.length ?? 0) > letters / 50).flatMap(([, own]) => own);
  return [...new Set([...first.filter((tag) => tags.includes(tag)), ...tags])].slice(0, 5);
}
