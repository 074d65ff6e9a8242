import { z } from 'zod';
import { cleanName } from '../../text';

/** Seen by its owner alone. */
export const passkeyNameSchema = z.object({ name: z.string().transform(cleanName).pipe(z.string().min(1).max(60)) });
