import { between, oneOf, type Random, seeded } from './random';

/** As many different words as tens of thousands of abstracts have. */
const WORDS = 60_000;
const ONSETS = 'b ch d dr f g gr h j k kl l m n p pr r s sh st t tr v z'.split(' ');
const VOWELS = 'a e i o u ai ea ou'.split(' ');
const CODAS = ['', '', '', 'l', 'm', 'n', 'r', 's', 'x'];

export interface Vocabulary {
  /** From the most frequent to the rarest. All of them mean nothing. */
  words: readonly string[];
  /** A word as it would turn up in running text: the r-th most frequent one about 1/r times as often as the first. */
  draw(random: Random): string;
}

/** The same words for every bench. */
export function inventVocabulary(): Vocabulary {
  const random = seeded(1);
  const found = new Set<string>();
  // Frequent words are short, as in languages that people speak.
  while (found.size < WORDS)
    found.add(word(random, found.size < 100 ? 1 : found.size < 4_000 ? 2 : between(random, 3, 4)));
  const words = [...found];
  const sums = new Float64Array(WORDS);
  let sum = 0;
  for (let rank = 0; rank < WORDS; rank++) {
    // Zipf's law with Mandelbrot's correction for the first ranks.
    sum += 1 / (rank + 2.7);
    sums[rank] = sum;
  }
  return { words, draw: (random) => words[firstAbove(sums, random() * sum)] as string };
}

export function word(random: Random, syllables: number): string {
  return Array.from(
    { length: syllables },
    () => oneOf(random, ONSETS) + oneOf(random, VOWELS) + oneOf(random, CODAS),
  ).join('');
}

function firstAbove(sums: Float64Array, wanted: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] as number) > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}
