import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Id, Role, SubmissionState } from '#db/schema';
import type { Viewer } from '~/domain/account/viewer';
import { mayDecide, mayPublish, mayReadReviews, mayReadSubmissions, mayReview } from '~/domain/review/policy';
import { isAuthor, isInCharge, mayEdit, mayReinstate, mayWithdraw } from '~/domain/submission/policy';
import { isEditable, after as leadsTo, type SubmissionAct } from '~/domain/submission/state';

const states: SubmissionState[] = ['draft', 'submitted', 'accepted', 'rejected', 'withdrawn'];
const acts: SubmissionAct[] = ['submit', 'withdraw', 'reinstate', 'accept', 'reject'];

describe('states', () => {
  const legal: Record<SubmissionState, Partial<Record<SubmissionAct, SubmissionState>>> = {
    draft: { submit: 'submitted', withdraw: 'withdrawn' },
    submitted: { withdraw: 'withdrawn', accept: 'accepted', reject: 'rejected' },
    accepted: { withdraw: 'withdrawn', reject: 'rejected' },
    rejected: { withdraw: 'withdrawn', accept: 'accepted' },
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

const submissions = fc.record({
  submitterId: fc.constantFrom(null, 'me' as Id<'account'>, 'other' as Id<'account'>),
  state: fc.constantFrom(...states),
  authorMailboxIds: fc.subarray([null, ids.own, ids.foreign]),
});

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
        const inByline = submission.authorMailboxIds.includes(ids.own) && viewer.mailboxIds.length > 0;
        const one = submission.submitterId ? submission.submitterId === 'me' : inByline;
        expect(isAuthor(viewer, submission)).toBe(submission.submitterId === 'me' || inByline);
        expect(mayEdit(viewer, submission, window)).toBe(one && window === 'open' && isEditable(submission.state));
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
        const own = isAuthor(viewer, submission);
        const { state } = submission;
        expect(mayReadSubmissions(viewer, conference)).toBe(has(viewer, 'reviewer') || has(viewer, 'organiser'));
        expect(mayReview(viewer, conference, submission)).toBe(
          has(viewer, 'reviewer') && !own && state === 'submitted',
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
