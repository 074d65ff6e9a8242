import { expect, test } from 'vitest';
import { decisionSchema, parseReviewQuery, reviewSchema } from '~/domain/review/schema';

test('a review is a whole number from 1 to 5, and perhaps a note', () => {
  expect(reviewSchema.parse({ score: '4' })).toEqual({ score: 4, note: '', revision: 0 });
  expect(reviewSchema.parse({ score: '1', note: ' a\r\nb ' })).toEqual({ score: 1, note: 'a\nb', revision: 0 });
  for (const score of ['0', '6', '2.5', '', 'x', '-1', 'Infinity', ['4', '5'], { toString: '4' }, undefined, null])
    expect([score, reviewSchema.safeParse({ score }).success]).toEqual([score, false]);
});

test('a decision is one of two', () => {
  expect(decisionSchema.safeParse({ outcome: 'accepted' }).success).toBe(true);
  for (const outcome of ['submitted', 'ACCEPTED', '', ['accepted', 'rejected'], undefined])
    expect(decisionSchema.safeParse({ outcome }).success).toBe(false);
});

test('the list shows what waits, unless it is asked for something that exists', () => {
  const read = (query: string) => parseReviewQuery(new URLSearchParams(query));
  expect(read('')).toEqual({ state: 'submitted', format: '', theme: '', after: 0 });
  expect(read('state=all&after=3')).toMatchObject({ state: 'all', after: 3 });
  for (const state of ['draft', 'x', '']) expect(read(`state=${state}`).state).toBe('submitted');
});
