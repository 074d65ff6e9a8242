import { z } from 'zod';
import type { Outcome } from '#db/schema';
import { holdsAnyAddress } from '../mail/gate';
import { cleanText } from '../text';

export const SCORES = [1, 2, 3, 4, 5] as const;

export const reviewSchema = z.object({
  score: z.coerce.number().int().min(1).max(5),
  note: z.string().transform(cleanText).pipe(z.string().max(10_000)).default(''),
  revision: z.coerce.number().int().min(0).default(0),
});

export const OUTCOMES = ['accepted', 'rejected'] as const satisfies Outcome[];

/**
 * The words of a decision go to all authors: with an address in them only where their writer means it. `base`: the newest
 * decision, pending or not, that the form was made of; empty where there was none.
 */
export const decisionSchema = z
  .object({
    outcome: z.enum(OUTCOMES),
    note: z.string().transform(cleanText).pipe(z.string().max(5_000)).default(''),
    consent: z.boolean().default(false),
    base: z.string().max(40).default(''),
    baseVersion: z.string().max(40).default(''),
    /** `keep`: it is pending, and nobody is told; `apply`: it holds, and the authors are written to. */
    intent: z.enum(['keep', 'apply']).default('apply'),
  })
  .refine(({ note, consent }) => consent || !holdsAnyAddress(note), {
    path: ['consent'],
    params: { key: 'error.addressInNote' },
  })
  .transform(({ consent: _, ...decision }) => decision);

export const REVIEW_PAGE_SIZE = 50;
/** Drafts are their author's own; nobody reviews them. */
export const REVIEW_STATES = ['submitted', 'accepted', 'rejected', 'withdrawn'] as const;

/** As in the programme, strange values are passed over. */
const reviewQuerySchema = z.object({
  state: z.enum(['all', ...REVIEW_STATES]).catch('submitted'),
  format: z.string().max(40).catch(''),
  theme: z.string().max(40).catch(''),
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).catch(0),
});
export type ReviewQuery = z.infer<typeof reviewQuerySchema>;

export function parseReviewQuery(params: URLSearchParams): ReviewQuery {
  return reviewQuerySchema.parse({
    state: params.get('state') ?? 'submitted',
    format: params.get('format') ?? '',
    theme: params.get('theme') ?? '',
    after: params.get('after') ?? 0,
  });
}
