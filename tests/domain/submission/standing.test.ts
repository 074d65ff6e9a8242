import { describe, expect, test } from 'vitest';
import { translator } from '#locales/translate';
import { type Situation, type Step, standingOf, type Who } from '~/domain/submission/standing';

const t = translator('en');
const OPENS = '1 December 2026 at 05:00 GMT+5';
const CLOSES = '1 February 2027 at 23:59 GMT+5';
const AT = '3 January 2027 at 12:00 GMT+5';

const WHO: Who[] = ['submitter', 'editor', 'coauthor', 'named'];
const STATES = ['draft', 'submitted', 'accepted', 'rejected', 'withdrawn'] as const;
const WINDOWS = ['early', 'open', 'closed'] as const;
/** Of what was withdrawn: what it had been. */
const HAD_BEEN = ['draft', 'submitted', 'accepted'] as const;
const BY = ['you', 'another', 'nobody knows'] as const;

interface Case {
  who: Who;
  state: Situation['state'];
  window: (typeof WINDOWS)[number];
  published: boolean;
  decided: boolean;
  reviewBegun: boolean;
  hadBeen: (typeof HAD_BEEN)[number];
  by: (typeof BY)[number];
}

function situation(one: Case): Situation {
  return {
    who: one.who,
    state: one.state,
    published: one.published,
    decided: one.decided,
    reviewBegun: one.reviewBegun,
    handedIn: one.state === 'withdrawn' ? one.hadBeen !== 'draft' : one.state !== 'draft',
    owner: 'Aigul',
    withdrawn:
      one.state === 'withdrawn'
        ? {
            by: one.by === 'you' ? 'you' : one.by === 'another' ? { name: 'Cem' } : null,
            at: AT,
            accepted: one.hadBeen === 'accepted',
          }
        : null,
    window: { state: one.window, opens: OPENS, closes: CLOSES },
  };
}

/** Every combination that there can be. */
function everyCase(): Case[] {
  const bits = [false, true];
  return WHO.flatMap((who) =>
    STATES.flatMap((state) =>
      WINDOWS.flatMap((window) =>
        (state === 'accepted' ? bits : [false]).flatMap((published) =>
          (state === 'accepted' || state === 'rejected' ? bits : [false]).flatMap((decided) =>
            (state === 'submitted' ? bits : [false]).flatMap((reviewBegun) =>
              (state === 'withdrawn' ? HAD_BEEN : HAD_BEEN.slice(0, 1)).flatMap((hadBeen) =>
                (state === 'withdrawn' ? BY : BY.slice(0, 1)).map(
                  (by): Case => ({ who, state, window, published, decided, reviewBegun, hadBeen, by }),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

const NOT_SUBMITTED = 'This is a draft: it is not submitted.';
const LEFT_OUT = `Submissions closed on ${CLOSES}, so the organisers do not consider it.`;
const FIXED = `It is submitted. Submissions closed on ${CLOSES}, so the text is fixed.`;

const DRAFT: Record<Exclude<Who, 'named'>, Record<Case['window'], [string, Step[]]>> = {
  submitter: {
    early: [`${NOT_SUBMITTED} From ${OPENS} you can change and submit it.`, ['withdraw']],
    open: [`${NOT_SUBMITTED} You can change and submit it until ${CLOSES}.`, ['edit', 'submit', 'withdraw']],
    closed: [
      `${NOT_SUBMITTED} ${LEFT_OUT} If you want it considered, ask them; your text stays here.`,
      ['ask-organisers', 'withdraw'],
    ],
  },
  editor: {
    early: [`${NOT_SUBMITTED} From ${OPENS} you can change the text; Aigul submits it.`, []],
    open: [`${NOT_SUBMITTED} You can change the text until ${CLOSES}; Aigul submits it.`, ['edit']],
    closed: [`${NOT_SUBMITTED} ${LEFT_OUT}`, []],
  },
  coauthor: {
    early: [`${NOT_SUBMITTED} From ${OPENS} Aigul can change and submit it.`, []],
    open: [`${NOT_SUBMITTED} Aigul can change and submit it until ${CLOSES}.`, []],
    closed: [`${NOT_SUBMITTED} ${LEFT_OUT}`, []],
  },
};

const SUBMITTED: typeof DRAFT = {
  submitter: {
    early: [`It is submitted. From ${OPENS} you can change it.`, ['withdraw']],
    open: [`It is submitted. You can change it until ${CLOSES}.`, ['edit', 'withdraw']],
    closed: [FIXED, ['withdraw']],
  },
  editor: {
    early: [`It is submitted. From ${OPENS} you can change it.`, []],
    open: [`It is submitted. You can change it until ${CLOSES}.`, ['edit']],
    closed: [FIXED, []],
  },
  coauthor: {
    early: [`It is submitted. From ${OPENS} Aigul can change it.`, []],
    open: [`It is submitted. Aigul can change it until ${CLOSES}.`, []],
    closed: [FIXED, []],
  },
};

const WITHDRAWN: Record<Case['by'], Record<Case['hadBeen'], string>> = {
  you: {
    draft: `You withdrew this draft on ${AT}.`,
    submitted: `You withdrew it on ${AT}.`,
    accepted: `You withdrew it on ${AT}, after it had been accepted.`,
  },
  another: {
    draft: `Cem withdrew this draft on ${AT}.`,
    submitted: `Cem withdrew it on ${AT}.`,
    accepted: `Cem withdrew it on ${AT}, after it had been accepted.`,
  },
  'nobody knows': {
    draft: `This draft was withdrawn on ${AT}.`,
    submitted: `It was withdrawn on ${AT}.`,
    accepted: `It was withdrawn on ${AT}, after it had been accepted.`,
  },
};

const TAKE_BACK: Record<Case['window'], Record<Case['hadBeen'], string>> = {
  early: {
    draft: ` From ${OPENS} you can make it a draft again.`,
    submitted: ` From ${OPENS} you can make it a draft again.`,
    accepted: ` From ${OPENS} you can make it a draft again.`,
  },
  open: {
    draft: ` You can make it a draft again until ${CLOSES}; it then has to be submitted.`,
    submitted: ` You can make it a draft again until ${CLOSES}; it then has to be submitted again.`,
    accepted: ` You can make it a draft again until ${CLOSES}; it then has to be submitted again and decided anew.`,
  },
  closed: {
    draft: ` Submissions closed on ${CLOSES}, so it cannot be made a draft again. If you want it considered after all, ask the organisers.`,
    submitted: ` Submissions closed on ${CLOSES}, so it cannot be made a draft again. If you want it considered after all, ask the organisers.`,
    accepted: ` Submissions closed on ${CLOSES}, so it cannot be made a draft again. If you want it considered after all, ask the organisers.`,
  },
};

function expected(one: Case): [string, Step[]] {
  const { who, state, window } = one;
  if (who === 'named')
    return state === 'withdrawn'
      ? ['You are named as an author of this submission, which has been withdrawn. Nothing is asked of you.', []]
      : [
          'You are named as an author of this submission. Please say whether that is right; then you can read all of it.',
          one.published ? ['answer-authorship', 'see-paper'] : ['answer-authorship'],
        ];
  const mine = who === 'submitter';
  switch (state) {
    case 'draft':
      return DRAFT[who][window];
    case 'submitted': {
      const [sentence, next] = SUBMITTED[who][window];
      const review = {
        early: ['', ''],
        open: ['', ' Reviewers have begun to read it; they see what is changed.'],
        closed: [
          ' It waits for its review, and the decision will stand here.',
          ' It is being reviewed, and the decision will stand here.',
        ],
      }[window][one.reviewBegun ? 1 : 0];
      return [sentence + review, next];
    }
    case 'accepted':
    case 'rejected': {
      const steps: Step[] = [];
      if (one.published) steps.push('see-paper');
      if (one.decided) steps.push('read-decision');
      if (mine) steps.push('withdraw');
      if (state === 'rejected') return ['It has not been accepted. The text is fixed.', steps];
      return one.published
        ? ['It has been accepted and is in the programme. The text is fixed.', steps]
        : [
            'It has been accepted and is not in the programme yet: the organisers publish it. The text is fixed.',
            steps,
          ];
    }
    case 'withdrawn': {
      const steps: Record<Case['window'], Step[]> = { early: [], open: ['reinstate'], closed: ['ask-organisers'] };
      const sentence = WITHDRAWN[one.by][one.hadBeen];
      return mine ? [sentence + TAKE_BACK[window][one.hadBeen], steps[window]] : [sentence, []];
    }
  }
}

function said(one: Situation): string {
  return standingOf(one)
    .sentences.map(({ key, values }) => t(key, values))
    .join(' ');
}

const name = (one: Case) =>
  [
    one.who,
    one.state,
    one.window,
    one.published && 'published',
    one.decided && 'decided',
    one.reviewBegun && 'review begun',
    one.state === 'withdrawn' && `${one.hadBeen} by ${one.by}`,
  ]
    .filter(Boolean)
    .join(', ');

describe('how a submission stands', () => {
  test.each(everyCase().map((one) => [name(one), one] as const))('%s', (_, one) => {
    const [sentence, next] = expected(one);
    expect(said(situation(one))).toBe(sentence);
    expect(standingOf(situation(one)).next).toEqual(next);
  });

  test('where nothing limits the window, no time is made up', () => {
    const open = { ...situation({ ...everyCase()[0]!, window: 'open' }) };
    open.window = { state: 'open', opens: null, closes: null };
    expect(said({ ...open, state: 'draft' })).toBe(`${NOT_SUBMITTED} You can change and submit it.`);
    expect(said({ ...open, state: 'submitted' })).toBe('It is submitted. You can change it.');
    expect(said({ ...open, state: 'submitted', who: 'coauthor' })).toBe('It is submitted. Aigul can change it.');
    expect(
      said({ ...open, state: 'withdrawn', handedIn: true, withdrawn: { by: 'you', at: AT, accepted: false } }),
    ).toBe(`You withdrew it on ${AT}. You can make it a draft again; it then has to be submitted again.`);
  });

  test('nobody is told that they did what another did, that it is closed while it is open, or that a draft is handed in', () => {
    for (const one of everyCase()) {
      const sentence = said(situation(one));
      if (one.by !== 'you' || one.state !== 'withdrawn') expect(sentence, name(one)).not.toContain('You withdrew');
      if (one.window !== 'closed') expect(sentence, name(one)).not.toContain('closed');
      if (one.state === 'draft') expect(sentence, name(one)).not.toMatch(/It is submitted|no longer/);
      if (one.who === 'coauthor' || one.who === 'named') expect(sentence, name(one)).not.toMatch(/[Yy]ou can change/);
    }
  });
});
