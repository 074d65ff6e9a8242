import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Id, Role, SubmissionState } from '#db/schema';
import type { Viewer } from '~/domain/account/viewer';
import { mayDecide, mayPublish, mayReadReviews, mayReadSubmissions, mayReview } from '~/domain/review/policy';
import { isAuthor, isInCharge, mayEdit, mayEditByline, mayReinstate, mayWithdraw } from '~/domain/submission/policy';
import { isEditable, after as leadsTo, type SubmissionAct } from '~/domain/submission/state';

const states: SubmissionState[] = ['draft', 'submitted', 'accepted', 'rejected', 'withdrawn'];
const acts: SubmissionAct[] = ['submit', 'withdraw', 'reinstate', 'accept', 'reject', 'reopen'];

describe('states', () => {
  const legal: Record<SubmissionState, Partial<Record<SubmissionAct, SubmissionState>>> = {
    draft: { submit: 'submitted', withdraw: 'withdrawn' },
    submitted: { withdraw: 'withdrawn', accept: 'accepted', reject: 'rejected' },
    accepted: { withdraw: 'withdrawn', reject: 'rejected', reopen: 'submitted' },
    rejected: { withdraw: 'withdrawn', accept: 'accepted', reopen: 'submitted' },
    withdrawn: { reinstate: 'draft' },
  };
  test.each(states.flatMap((state) => acts.map((act) => [state, act, legal[state][act] ?? null] as const)))(
    '%s, %s: %s',
    (state, act, expected) => {
      expect(leadsTo(state, act)).toBe(expected);
    },
  );

  test('whatever is done, what is decided has been handed in', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...acts), { maxLength: 30 }), (done) => {
        let state: SubmissionState = 'draft';
        let handedIn = false;
        for (const act of done) {
          const next = leadsTo(state, act);
          if (!next) continue;
          expect(next).not.toBe(state);
          state = next;
          if (act === 'submit') handedIn = true;
          // Made a draft again, it has to be handed in again.
          if (act === 'reinstate') handedIn = false;
          if (['submitted', 'accepted', 'rejected'].includes(state)) expect(handedIn).toBe(true);
        }
        // There is always a way on.
        expect(acts.some((act) => leadsTo(state, act) !== null)).toBe(true);
      }),
    );
  });

  test('the text can be changed before it is decided', () => {
    expect(states.filter(isEditable)).toEqual(['draft', 'submitted']);
  });
});

const HERE = 'here' as Id<'conference'>;
const THERE = 'there' as Id<'conference'>;
const ids = { own: 'own' as Id<'mailbox'>, foreign: 'foreign' as Id<'mailbox'> };

const viewers = fc.record({
  accountId: fc.constantFrom('me' as Id<'account'>),
  name: fc.constant('Me'),
  mailboxIds: fc.constantFrom([], [ids.own]),
  roles: fc.uniqueArray(
    fc.record({
      conferenceId: fc.constantFrom(HERE, THERE),
      role: fc.constantFrom<Role>('author', 'reviewer', 'organiser'),
    }),
    { maxLength: 4, selector: ({ conferenceId, role }) => conferenceId + role },
  ),
}) satisfies fc.Arbitrary<Viewer>;

type Line = Parameters<typeof isAuthor>[1]['authors'][number];

const accounts = fc.constantFrom(null, 'me' as Id<'account'>, 'other' as Id<'account'>);
const authors = fc.record({
  accountId: accounts,
  mailboxId: fc.constantFrom(null, ids.own, ids.foreign),
  state: fc.constantFrom(...(['listed', 'asked', 'confirmed', 'declined'] as const)),
  mayEdit: fc.boolean(),
});
const submissions = fc.record({
  submitterId: accounts,
  enteredById: accounts,
  state: fc.constantFrom(...states),
  underReview: fc.boolean(),
  authors: fc.array(authors, { maxLength: 3 }),
});

/** Written out once more: a line is somebody's by the account that has said so, else by the address that was given. */
function confirmed(viewer: Viewer, submission: { authors: readonly Line[] }): Line[] {
  return submission.authors.filter(
    ({ accountId, mailboxId, state }) =>
      state === 'confirmed' &&
      (accountId ? accountId === viewer.accountId : mailboxId === ids.own && viewer.mailboxIds.length > 0),
  );
}

const windows = fc.constantFrom('early' as const, 'open' as const, 'closed' as const);

function has(viewer: Viewer, role: Role): boolean {
  return viewer.roles.some((held) => held.conferenceId === HERE && held.role === role);
}

describe('who may', () => {
  const conference = { id: HERE };

  test('nobody, who is not signed in: nothing', () => {
    fc.assert(
      fc.property(submissions, windows, (submission, window) => {
        expect([
          isAuthor(null, submission),
          isInCharge(null, submission),
          mayEdit(null, submission, window),
          mayWithdraw(null, submission),
          mayReinstate(null, submission, window),
          mayReadSubmissions(null, conference),
          mayReview(null, conference, submission),
          mayReadReviews(null, conference, submission),
          mayDecide(null, conference, submission, 'accepted'),
          mayPublish(null, conference, submission),
        ]).toEqual(Array(10).fill(false));
      }),
    );
  });

  test('change a text: one hand, while it is open and not decided', () => {
    fc.assert(
      fc.property(viewers, submissions, windows, (viewer, submission, window) => {
        const own = confirmed(viewer, submission);
        const { submitterId, enteredById } = submission;
        const one = submitterId || enteredById ? [submitterId, enteredById].includes('me' as never) : own.length > 0;
        expect(isAuthor(viewer, submission)).toBe(own.length > 0);
        expect(isInCharge(viewer, submission)).toBe(one);
        const hand = one || own.some(({ mayEdit }) => mayEdit);
        expect(mayEdit(viewer, submission, window)).toBe(hand && window === 'open' && isEditable(submission.state));
        expect(mayEditByline(viewer, submission)).toBe(one && !submission.underReview);
        // At any time, but not twice; and back while it is open.
        expect(mayWithdraw(viewer, submission)).toBe(one && submission.state !== 'withdrawn');
        expect(mayReinstate(viewer, submission, window)).toBe(
          one && window === 'open' && submission.state === 'withdrawn',
        );
      }),
    );
  });

  test('review and decide: by role at this conference, and never a paper of one’s own', () => {
    fc.assert(
      fc.property(viewers, submissions, (viewer, submission) => {
        // Whoever has submitted it stays a party to it, whatever its byline says by now.
        const own = isAuthor(viewer, submission) || submission.submitterId === 'me';
        const { state, enteredById } = submission;
        expect(mayReadSubmissions(viewer, conference)).toBe(has(viewer, 'reviewer') || has(viewer, 'organiser'));
        expect(mayReview(viewer, conference, submission)).toBe(
          has(viewer, 'reviewer') &&
            !own &&
            // An organiser who has typed a paper in is no party to it.
            (enteredById !== 'me' || has(viewer, 'organiser')) &&
            state === 'submitted',
        );
        expect(mayReadReviews(viewer, conference, submission)).toBe(has(viewer, 'organiser') && !own);
        for (const outcome of ['accepted', 'rejected'] as const) {
          const open = state !== outcome && ['submitted', 'accepted', 'rejected'].includes(state);
          expect(mayDecide(viewer, conference, submission, outcome)).toBe(has(viewer, 'organiser') && !own && open);
        }
        expect(mayPublish(viewer, conference, submission)).toBe(has(viewer, 'organiser') && state === 'accepted');
      }),
    );
  });
});
