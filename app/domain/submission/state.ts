import type { SubmissionState } from '#db/schema';

/** From which states each act is legal, and where it leads. */
const transitions = {
  submit: { from: ['draft'], to: 'submitted' },
  withdraw: { from: ['draft', 'submitted', 'accepted', 'rejected'], to: 'withdrawn' },
  /** Undoes a withdrawal; what had been decided has to be decided again. */
  reinstate: { from: ['withdrawn'], to: 'draft' },
  accept: { from: ['submitted', 'rejected'], to: 'accepted' },
  reject: { from: ['submitted', 'accepted'], to: 'rejected' },
  /** Takes a decision back: it is considered again. */
  reopen: { from: ['accepted', 'rejected'], to: 'submitted' },
} as const satisfies Record<string, { from: readonly SubmissionState[]; to: SubmissionState }>;

export type SubmissionAct = keyof typeof transitions;

/** The state that an act leads to, or null where it is not legal. */
export function after(state: SubmissionState, act: SubmissionAct): SubmissionState | null {
  const { from, to } = transitions[act];
  return (from as readonly SubmissionState[]).includes(state) ? to : null;
}

/** Where the author may still change the text, deadline permitting. */
export function isEditable(state: SubmissionState): boolean {
  return state === 'draft' || state === 'submitted';
}
