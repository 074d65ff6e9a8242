/**
 * What becomes of two edits of the same thing: a field that only one of them has touched is theirs who touched it; what
 * both have changed, and not to the same, stands as `mine` and is a conflict. Fields that make sense only together
 * are given as a group and go together.
 */
export interface Merge<Name> {
  /** Fields that take what the other has made of them. */
  taken: Name[];
  conflicts: Name[];
}

/** `base`: what both began with; null where nobody knows, and then everything that differs is a conflict. */
export function merge<Form extends object>(
  base: Form | null,
  mine: Form,
  theirs: Form,
  groups: readonly (readonly (keyof Form)[])[] = [],
): Merge<keyof Form> {
  const grouped = new Set(groups.flat());
  const single = (Object.keys(theirs) as (keyof Form)[]).filter((name) => !grouped.has(name)).map((name) => [name]);
  const taken: (keyof Form)[] = [];
  const conflicts: (keyof Form)[] = [];
  for (const group of [...groups, ...single]) {
    if (agree(group, mine, theirs)) continue;
    if (base && agree(group, base, mine)) taken.push(...group);
    else if (!base || !agree(group, base, theirs)) conflicts.push(...differing(group, mine, theirs));
  }
  return { taken, conflicts };
}

function agree<Form extends object>(group: readonly (keyof Form)[], one: Form, other: Form): boolean {
  return differing(group, one, other).length === 0;
}

function differing<Form extends object>(group: readonly (keyof Form)[], one: Form, other: Form): (keyof Form)[] {
  return group.filter((name) => JSON.stringify(one[name] ?? null) !== JSON.stringify(other[name] ?? null));
}
