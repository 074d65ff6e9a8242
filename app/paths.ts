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
