import type { Database } from '#db/open';

/** What is counted: what became of letters, of answers and reports that came in, and of calls of the webhook. */
export type Tally =
  | `out ${'sent' | 'deferred' | 'failed' | 'unknown' | 'cancelled'}`
  | `in ${'relayed' | 'held' | 'dropped' | 'refused' | 'later' | 'bounce' | 'complaint'}`
  | `webhook ${'401' | '413'}`;

/** Adds to counts, in the transaction of what is counted or in none. */
export async function tally(db: Database, counts: Partial<Record<Tally, number>>): Promise<void> {
  const rows = Object.entries(counts).map(([name, count]) => ({ name, count }));
  if (rows.length === 0) return;
  await db
    .insertInto('tallies')
    // In one order everywhere, so that two processes cannot wait for each other.
    .values(rows.sort((a, b) => (a.name < b.name ? -1 : 1)))
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({ count: eb('tallies.count', '+', eb.ref('excluded.count')) })),
    )
    .execute();
}

/** All counts, and how many letters are in which state now. */
export async function mailCounts(
  db: Database,
): Promise<{ tallies: { name: string; count: number }[]; outbox: { state: string; count: number }[] }> {
  const tallies = await db.selectFrom('tallies').selectAll().orderBy('name').execute();
  const outbox = await db
    .selectFrom('outbox')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
    .where('state', 'in', ['held', 'queued', 'sending'])
    .groupBy('state')
    .orderBy('state')
    .execute();
  return {
    tallies: tallies.map(({ name, count }) => ({ name, count: Number(count) })),
    outbox: outbox.map(({ state, count }) => ({ state, count: Number(count) })),
  };
}

const SOON = 1_000;
const pending = new WeakMap<Database, Partial<Record<Tally, number>>>();

/** Counts what anybody can cause as often as they like: one write a second, however many come. */
export function tallySoon(db: Database, name: Tally): void {
  const counts = pending.get(db);
  if (counts) {
    counts[name] = (counts[name] ?? 0) + 1;
    return;
  }
  pending.set(db, { [name]: 1 });
  setTimeout(() => {
    const due = pending.get(db) ?? {};
    pending.delete(db);
    tally(db, due).catch(() => {});
  }, SOON).unref();
}
