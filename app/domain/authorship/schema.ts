import { z } from 'zod';
import { lineSchema } from '../submission/schema';

/** One's own line of a byline. `base`: the version that it was read from; empty where that does not matter. */
export const ownLineSchema = lineSchema.extend({
  contactable: z.boolean().default(false),
  base: z.string().max(40).default(''),
});
export type OwnLineInput = z.infer<typeof ownLineSchema>;
