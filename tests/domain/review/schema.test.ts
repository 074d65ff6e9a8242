import { describe, expect, test } from 'vitest';
import type { Id } from '#db/schema';
import { decisionRecipients } from '~/domain/review/queries.server';
import { decisionSchema, parseReviewQuery, reviewSchema } from '~/domain/review/schema';
import type { BylineAuthor } from '~/domain/submission/queries.server';

test('a review is a whole number from 1 to 5, and perhaps a note', () => {
  expect(reviewSchema.parse({ score: '4' })).toEqual({ score: 4, note: '' });
  expect(reviewSchema.parse({ score: '1', note: ' a\r\nb ' })).toEqual({ score: 1, note: 'a\nb' });
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

describe('who hears of a decision', () => {
  const author = (mailboxId: string | null) => ({ mailboxId }) as unknown as BylineAuthor;
  test.each([
    ['everybody once, the submitter first', ['a', 's', 'b', 'a'], 's', ['s', 'a', 'b']],
    ['nobody without an address', [null, 'a', null], null, ['a']],
    ['nobody at all', [null], null, []],
  ])('%s', (_, authors, submitter, expected) => {
    expect(decisionRecipients(authors.map(author), submitter as Id<'mailbox'> | null)).toEqual(expected);
  });
});
