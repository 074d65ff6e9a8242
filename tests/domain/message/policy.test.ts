import { describe, expect, test } from 'vitest';
import { lettersEnd, obstacle, type TakingPart, takesLetters } from '~/domain/message/policy';

test.each([
  ['anyone', true, true],
  ['participants', false, true],
  ['asked', true, true],
  ['nobody', false, false],
] as const)('%s: from somebody without a role %s, from a participant %s', (rule, someone, participant) => {
  expect(takesLetters(rule, { participates: false })).toBe(someone);
  expect(takesLetters(rule, { participates: true })).toBe(participant);
});

test('letters end at midnight in the conference, weeks after its last day', () => {
  const conference = { endsOn: '2027-06-05', lettersWeeks: 8, timeZone: 'Asia/Almaty' };
  expect(lettersEnd(conference)?.toISOString()).toBe('2027-07-31T19:00:00.000Z');
  expect(lettersEnd({ ...conference, lettersWeeks: 0 })?.toISOString()).toBe('2027-06-05T19:00:00.000Z');
  expect(lettersEnd({ ...conference, endsOn: null })).toBeNull();
});

describe('why somebody cannot write in a thread', () => {
  const there: TakingPart = { consent: 'given', leftAt: null };
  const asked: TakingPart = { consent: 'asked', leftAt: null };
  const declined: TakingPart = { consent: 'declined', leftAt: null };
  const gone: TakingPart = { consent: 'given', leftAt: '2027-01-01T00:00:00.000Z' };
  const now = new Date('2027-06-01T00:00Z');
  test.each([
    [null, there, [there]],
    [null, there, [declined, gone, there]],
    ['waiting', there, [asked]],
    ['waiting', there, [declined, gone]],
    ['alone', there, [gone]],
    ['left', gone, [there]],
    ['undecided', asked, [there]],
    ['undecided', declined, [there]],
  ] as const)('%s', (expected, writer, others) => {
    expect(obstacle({ closedAt: null }, null, writer, [...others], now)).toBe(expected);
    expect(obstacle({ closedAt: 'then' }, null, writer, [...others], now)).toBe('closed');
    expect(obstacle({ closedAt: 'then' }, now, writer, [...others], now)).toBe('ended');
    expect(obstacle({ closedAt: null }, new Date(now.getTime() + 1), writer, [...others], now)).toBe(expected);
  });
});
