import type { SubmissionState } from '#db/schema';
import type { MessageKey, Values } from '#locales/translate';
import type { WindowState } from '../conference/state';

/**
 * What somebody is to a submission: in charge of it; a confirmed author who may change the text, or reads it; or one who
 * stands in the byline and has not said yet whether that is right.
 */
export type Who = 'submitter' | 'editor' | 'coauthor' | 'named';

/** All that the sentence about a submission depends on. Times are as a person reads them, with their zone. */
export interface Situation {
  who: Who;
  state: SubmissionState;
  published: boolean;
  /** Whether there is a decision in force that its authors may read. */
  decided: boolean;
  /** Whether it is, or was when it was withdrawn, handed in. */
  handedIn: boolean;
  reviewBegun: boolean;
  /** The name of who submitted it. */
  owner: string;
  /** Who withdrew it (null: nobody knows), when, and whether it had been accepted. */
  withdrawn: { by: 'you' | { name: string } | null; at: string; accepted: boolean } | null;
  window: { state: WindowState; opens: string | null; closes: string | null };
}

export interface Sentence {
  key: Extract<MessageKey, `standing.${string}`>;
  values?: Values;
}

/** What one can do next, the most urgent first. */
export type Step =
  | 'answer-authorship'
  | 'edit'
  | 'submit'
  | 'reinstate'
  | 'see-paper'
  | 'read-decision'
  | 'ask-organisers'
  | 'withdraw';

export interface Standing {
  sentences: Sentence[];
  next: Step[];
}

/** The one place that says how a submission stands for somebody, and what they can do. */
export function standingOf(situation: Situation): Standing {
  const { who, state } = situation;
  if (who === 'named') return named(situation);
  switch (state) {
    case 'draft':
      return draft(situation);
    case 'submitted':
      return submitted(situation);
    case 'accepted':
    case 'rejected':
      return decided(situation);
    case 'withdrawn':
      return withdrawn(situation, who);
  }
}

/** Of what is not theirs for sure they are told nothing but that they are named. */
function named({ state, published }: Situation): Standing {
  if (state === 'withdrawn') return { sentences: [{ key: 'standing.named.withdrawn' }], next: [] };
  return {
    sentences: [{ key: 'standing.named' }],
    next: published ? ['answer-authorship', 'see-paper'] : ['answer-authorship'],
  };
}

function draft({ who, owner, window }: Situation): Standing {
  const mine = who === 'submitter';
  const is: Sentence = { key: 'standing.draft' };
  switch (window.state) {
    case 'open':
      return {
        sentences: [is, { key: `standing.draft.open.${of(who)}`, values: { owner, until: window.closes ?? NONE } }],
        next: mine ? ['edit', 'submit', 'withdraw'] : who === 'editor' ? ['edit'] : [],
      };
    case 'early':
      return {
        sentences: [is, { key: `standing.draft.early.${of(who)}`, values: { owner, opens: window.opens ?? '' } }],
        next: mine ? ['withdraw'] : [],
      };
    case 'closed':
      return {
        sentences: [
          is,
          { key: `standing.draft.closed.${mine ? 'you' : 'other'}`, values: { closes: window.closes ?? '' } },
        ],
        next: mine ? ['ask-organisers', 'withdraw'] : [],
      };
  }
}

function submitted({ who, owner, window, reviewBegun }: Situation): Standing {
  const is: Sentence = { key: 'standing.submitted' };
  const last: Step[] = who === 'submitter' ? ['withdraw'] : [];
  switch (window.state) {
    case 'open':
      return {
        sentences: [
          is,
          {
            key: `standing.change.open.${who === 'coauthor' ? 'other' : 'you'}`,
            values: { owner, until: window.closes ?? NONE },
          },
          ...(reviewBegun ? [{ key: 'standing.review.open' } as const] : []),
        ],
        next: who === 'coauthor' ? last : ['edit', ...last],
      };
    case 'early':
      return {
        sentences: [
          is,
          {
            key: `standing.change.early.${who === 'coauthor' ? 'other' : 'you'}`,
            values: { owner, opens: window.opens ?? '' },
          },
        ],
        next: last,
      };
    case 'closed':
      return {
        sentences: [
          is,
          { key: 'standing.change.closed', values: { closes: window.closes ?? '' } },
          { key: reviewBegun ? 'standing.review.begun' : 'standing.review.waits' },
        ],
        next: last,
      };
  }
}

function decided({ who, state, published, decided }: Situation): Standing {
  const key =
    state === 'rejected'
      ? 'standing.rejected'
      : published
        ? 'standing.accepted.published'
        : 'standing.accepted.waiting';
  return {
    sentences: [{ key }],
    next: [
      ...(published ? (['see-paper'] as const) : []),
      ...(decided ? (['read-decision'] as const) : []),
      ...(who === 'submitter' ? (['withdraw'] as const) : []),
    ],
  };
}

function withdrawn({ withdrawn, handedIn, window }: Situation, who: Who): Standing {
  const { by = null, at = '', accepted = false } = withdrawn ?? {};
  const how = { what: handedIn ? 'submission' : 'draft', accepted: accepted ? 'yes' : 'no' };
  const is: Sentence =
    by === 'you'
      ? { key: 'standing.withdrawn.you', values: { ...how, at } }
      : by
        ? { key: 'standing.withdrawn.by', values: { ...how, at, name: by.name } }
        : { key: 'standing.withdrawn.unknown', values: { ...how, at } };
  if (who !== 'submitter') return { sentences: [is], next: [] };
  switch (window.state) {
    case 'open':
      return {
        sentences: [is, { key: 'standing.reinstate.open', values: { ...how, until: window.closes ?? NONE } }],
        next: ['reinstate'],
      };
    case 'early':
      return {
        sentences: [is, { key: 'standing.reinstate.early', values: { opens: window.opens ?? '' } }],
        next: [],
      };
    case 'closed':
      return {
        sentences: [is, { key: 'standing.reinstate.closed', values: { closes: window.closes ?? '' } }],
        next: ['ask-organisers'],
      };
  }
}

/** Chosen by `select` in the catalogue; no time of day reads so. */
const NONE = 'none';

function of(who: Who): 'you' | 'editor' | 'other' {
  return who === 'submitter' ? 'you' : who === 'editor' ? 'editor' : 'other';
}
