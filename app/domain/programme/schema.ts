import { z } from 'zod';
import { cleanLine } from '../text';

export const PAGE_SIZE = 30;

/**
 * What the programme's address says. Strange values are not errors: a link that was cut or mistyped still shows a
 * programme, without the part that makes no sense.
 */
const programmeQuerySchema = z.object({
  q: z.string().transform(cleanLine).pipe(z.string().max(300)).catch(''),
  format: z.string().max(40).catch(''),
  theme: z.string().max(40).catch(''),
  /** The position of the last paper on the page before. */
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).catch(0),
});
export type ProgrammeQuery = z.infer<typeof programmeQuerySchema>;

export function parseProgrammeQuery(params: URLSearchParams): ProgrammeQuery {
  return programmeQuerySchema.parse({
    q: params.get('q') ?? '',
    format: params.get('format') ?? '',
    theme: params.get('theme') ?? '',
    after: params.get('after') ?? 0,
  });
}
