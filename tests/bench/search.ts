import { type Figure, interleaved, type Pace, ratioOf, summary } from './figure';
import type { Asked, Round } from './load';
import type { Portal } from './portal';
import { oneOf, type Random, seeded } from './random';
import { inventVocabulary } from './vocabulary';

/** At most this many times as slow. */
const MOST_TIMES = 3;

/** Searches that nobody has made before, so that no page is kept for them, in a small and in a large conference, in turn. */
export async function measureSearch(small: Portal, large: Portal, pace: Pace): Promise<Figure[]> {
  const [smallRounds, largeRounds] = (await interleaved(
    [small, large].map((portal) => ({ server: portal, ask: searches(portal.programme), status: 200 })),
    pace,
  )) as [Round[], Round[]];
  const ratio = ratioOf(
    largeRounds.map((round) => round.rate),
    smallRounds.map((round) => round.rate),
  );
  const note = 'no two searches alike: frequent words, rare words, both, beginnings';
  return [
    { name: 'search.small', ...summary(smallRounds), ratio: null, note },
    {
      name: 'search.large',
      ...summary(largeRounds),
      ratio,
      note: `search.small; ${(1 / ratio).toFixed(2)} times its time`,
      goal: { text: `≥ 1/${MOST_TIMES}`, met: ratio >= 1 / MOST_TIMES },
    },
  ];
}

/** Frequent words are in a fifth to nearly all of the papers, rare ones in one of some thousands. */
const RANKS = { frequent: [0, 80], middling: [80, 2_000], rare: [2_000, 40_000] } as const;

function searches(programme: string): () => Asked {
  const random = seeded(3);
  const { words } = inventVocabulary();
  const some = (kind: keyof typeof RANKS) => oneOf(random, words.slice(...RANKS[kind]));
  const kinds = [
    () => `${some('frequent')} ${some('frequent')} ${some('frequent')}`,
    () => `${some('frequent')} ${some('middling')}`,
    () => `${some('middling')} ${some('middling')}`,
    () => some('rare'),
    () => `${some('frequent')} ${some('rare')}`,
    () => `${some('middling').slice(0, 4)}* ${some('frequent')}`,
  ];
  const asked = new Set<string>();
  return () => ({ path: `${programme}?${new URLSearchParams({ q: unheard(random, kinds, asked) })}`, method: 'GET' });
}

function unheard(random: Random, kinds: (() => string)[], asked: Set<string>): string {
  for (;;) {
    const query = oneOf(random, kinds)();
    if (asked.has(query)) continue;
    asked.add(query);
    return query;
  }
}
