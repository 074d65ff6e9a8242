import { between, oneOf, type Random, seeded } from './random';
import { inventVocabulary, word } from './vocabulary';

const FORMATS = ['Talk', 'Symposium', 'Poster', 'Workshop'];
const THEMES = 16;
const INSTITUTIONS = 800;

/**
 * Invented papers, one line of JSON each, the same on every run: lengths as in the programmes of real conferences
 * (abstracts of 100 to 300 words, titles of 5 to 17, mostly one to three authors), words by Zipf's law. The first author of
 * each has an address under a domain that cannot exist (RFC 2606).
 */
export function* inventPapers(count: number): Generator<string> {
  const vocabulary = inventVocabulary();
  const random = seeded(2);
  const text = (words: number) => Array.from({ length: words }, () => vocabulary.draw(random)).join(' ');
  const themes = Array.from({ length: THEMES }, () => capital(text(2)));
  const institutions = Array.from({ length: INSTITUTIONS }, () => `University of ${capital(word(random, 3))}`);
  for (let number = 1; number <= count; number++) {
    yield JSON.stringify({
      ref: `B${String(number).padStart(5, '0')}`,
      title: capital(text(between(random, 5, 17))),
      abstract: abstract(random, text),
      format: oneOf(random, FORMATS),
      theme: oneOf(random, themes),
      keywords: Array.from({ length: between(random, 3, 6) }, () => text(between(random, 1, 2))),
      authors: Array.from({ length: authorCount(random) }, (_, index) => ({
        name: `${capital(word(random, 2))} ${capital(word(random, between(random, 2, 3)))}`,
        affiliation: oneOf(random, institutions),
        presenter: index === 0,
        email: index === 0 ? `author${number}@university${number % 300}.example` : undefined,
      })),
    });
  }
}

function abstract(random: Random, text: (words: number) => string): string {
  // The mean of three throws: most are near the middle.
  const words = Math.round((between(random, 60, 320) + between(random, 60, 320) + between(random, 60, 320)) / 3);
  const sentences: string[] = [];
  for (let left = words; left > 0; ) {
    const length = Math.min(left, between(random, 8, 30));
    sentences.push(`${capital(text(length))}.`);
    left -= length;
  }
  const half = Math.ceil(sentences.length / 2);
  return `${sentences.slice(0, half).join(' ')}\n\n${sentences.slice(half).join(' ')}`.trim();
}

function authorCount(random: Random): number {
  const thrown = random();
  return thrown < 0.5 ? 1 : thrown < 0.75 ? 2 : thrown < 0.92 ? 3 : between(random, 4, 8);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
