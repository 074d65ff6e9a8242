import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '~/domain/submission/markdown.server';
import { MOST_ABSTRACT } from '~/domain/submission/schema';

/** What parsers of Markdown look back and ahead for. */
const HARD = [
  '*a',
  '*',
  '**a ',
  '_a',
  '*_',
  '[',
  '](',
  '[a](',
  '[a](b ',
  '[a](<',
  '[](http://a',
  '<',
  '&',
  '\\',
  '- ',
  '- a\n',
  '1. a\n',
  '  - a\n',
  '\t- ',
  '\n',
  'a\n\n',
  'a  \n',
  '~a',
  '^a',
  '((',
  '![',
  '`',
];

/** The quickest of some: what else the machine does is not meant. */
function milliseconds(text: string): number {
  return Math.min(
    ...[1, 2, 3].map(() => {
      const began = performance.now();
      renderMarkdown(text);
      return performance.now() - began;
    }),
  );
}

describe('Markdown', () => {
  test.each(HARD)('of %j again and again takes time as its length does, and little of it', (piece) => {
    const of = (length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
    const [half, whole] = [milliseconds(of(MOST_ABSTRACT / 2)), milliseconds(of(MOST_ABSTRACT))];
    expect(whole).toBeLessThan(250);
    // Twice, and what a clock and a garbage collector add; four times would be the square.
    expect(whole).toBeLessThan(3 * half + 20);
  });

  test('of any mixture of hard pieces takes little time', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...HARD, 'word ', 'Тўрт '), { minLength: 1, maxLength: 12 }), (pieces) => {
        const text = pieces.join('').repeat(MOST_ABSTRACT).slice(0, MOST_ABSTRACT);
        expect(milliseconds(text)).toBeLessThan(500);
      }),
      { numRuns: 25 },
    );
  });

  test('as people write it is rendered; with thousands of marks each stands as it was typed', () => {
    expect(renderMarkdown('*Water* in H~2~O\n\n- one\n- two')).toBe(
      '<p><em>Water</em> in H<sub>2</sub>O</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n',
    );
    expect(renderMarkdown(`${'*a* '.repeat(400)}end`)).toContain('<em>a</em>');
    const hostile = `First <b>\n\n${'*a'.repeat(3_000)}`;
    expect(renderMarkdown(hostile)).toBe(`<p>First &lt;b&gt;</p>\n<p>${'*a'.repeat(3_000)}</p>\n`);
  });
});
