/** An address of the portal: what is put in stays within its segment, whatever it holds (RFC 3986, 2.2). */
export function path(parts: TemplateStringsArray, ...values: (string | undefined)[]): string {
  return String.raw({ raw: parts }, ...values.map((value = '') => encodeURIComponent(value)));
}

/** Stands for the portal where an address is read as a browser reads it. */
const PORTAL = 'http://portal';

/**
 * A path of this portal as a browser will read it, encoded; null for anything else, however it is written: `//evil.example`,
 * `/\\evil.example`, `/..//evil.example`, a tab or a line break between.
 */
export function localPath(to: string): string | null {
  if (!to.startsWith('/') || !URL.canParse(to, PORTAL)) return null;
  const { origin, pathname, search, hash } = new URL(to, PORTAL);
  return origin === PORTAL && !pathname.startsWith('//') ? pathname + search + (PLACE.test(hash) ? hash : '') : null;
}

/** The id of something on the page, as the URL standard writes it: no text to look for, no parameters. */
const PLACE = /^#[\w.~%!'()*-]{1,900}$/;

/**
 * The same page, at the element of that id: browsers scroll to it and, where it can take the focus, give it that, with
 * and without scripts (HTML, "navigate to a fragment"). No id of ours is longer than 100 characters.
 */
export function anchored(path: string, id: string): string {
  return `${path}#${encodeURIComponent(id.slice(0, 100))}`;
}

/** Where one goes on in a list when that line leaves it: the next line, else the one before it, else null. */
export function neighbour<Line>(lines: readonly Line[], index: number): Line | null {
  return lines[index + 1] ?? lines[index - 1] ?? null;
}

/** The id of a paper's star. */
export function starId(ref: string): string {
  return `star-${ref}`;
}

/** Lists, and what their addresses say: filters and the page. */
const LISTS = {
  review: ['state', 'format', 'theme', 'after'],
  messages: ['q', 'before'],
  conduct: ['settled', 'before', 'log'],
} as const;
export type List = keyof typeof LISTS;

/** What the address of a list says, as the pages of its lines carry it: names of that list only, each once and short. */
export function listQuery(list: List, params: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const name of LISTS[list]) {
    const value = params.get(name);
    if (value !== null && value.length <= 300 && !/\p{Cc}/u.test(value)) kept.set(name, value);
  }
  return kept.toString();
}

/** The same, read from the address of a page that carries it. What makes no sense there is passed over. */
export function carriedQuery(list: List, { searchParams }: URL): string {
  return listQuery(list, new URLSearchParams(searchParams.get('list') ?? ''));
}

/** A page's address with the list that one came from: never a path of its own, so it leads nowhere else. */
export function carrying(path: string, query: string): string {
  return query ? `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams({ list: query })}` : path;
}

/** Back to the list, with its filters and page, on the line of that id. */
export function backToList(path: string, query: string, id: string): string {
  return anchored(query ? `${path}?${query}` : path, id);
}
