import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { merge } from '~/domain/merge';

const base = { title: 'T', text: 'x', limit: 'A', tags: ['a'] };

describe('two edits of the same thing', () => {
  test.each([
    ['nobody has changed anything', {}, {}, [], []],
    ['I alone', { title: 'Mine' }, {}, [], []],
    ['they alone', {}, { title: 'Theirs' }, ['title'], []],
    ['both, each something else', { title: 'Mine' }, { tags: ['b'] }, ['tags'], []],
    ['both the same to the same', { title: 'Ours' }, { title: 'Ours' }, [], []],
    ['both the same to something else', { title: 'Mine' }, { title: 'Theirs' }, [], ['title']],
    ['of what goes together, each another', { text: 'y' }, { limit: 'B' }, [], ['text', 'limit']],
    ['what goes together comes together', {}, { limit: 'B' }, ['text', 'limit'], []],
  ])('%s', (_, mine, theirs, taken, conflicts) => {
    const merged = merge(base, { ...base, ...mine }, { ...base, ...theirs }, [['text', 'limit']]);
    expect(merged).toEqual({ taken, conflicts });
  });

  test('without what both began with, all that differs is in question', () => {
    expect(merge(null, base, { ...base, title: 'Theirs', tags: [] })).toEqual({
      taken: [],
      conflicts: ['title', 'tags'],
    });
  });

  test('no word of mine is ever left out but where I had not touched it', () => {
    const text = fc.constantFrom('', 'a', 'b', 'c');
    const form = fc.record({ one: text, two: text, three: text });
    fc.assert(
      fc.property(form, form, form, (begun, mine, theirs) => {
        const { taken, conflicts } = merge(begun, mine, theirs, [['one', 'two']]);
        for (const name of ['one', 'two', 'three'] as const) {
          if (taken.includes(name)) expect(mine[name]).toBe(begun[name]);
          // What they have changed is in the result or shown.
          else if (theirs[name] !== begun[name] && theirs[name] !== mine[name]) expect(conflicts).toContain(name);
        }
      }),
    );
  });
});
