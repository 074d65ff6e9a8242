import { z } from 'zod';
import { holdsAnyAddress } from '../mail/gate';
import { cleanText } from '../text';

export const REASONS = ['harassment', 'threat', 'spam', 'other'] as const;

const note = z.string().transform(cleanText).pipe(z.string().max(2_000));

export const reportSchema = z.object({ reason: z.enum(REASONS), note: note.default('') });
export type ReportInput = z.infer<typeof reportSchema>;

/** What a conduct contact does about a report; the words go to who is warned or suspended, so they name no address. */
export const judgementSchema = z.object({
  act: z.enum(['dismissed', 'warned', 'suspended', 'closed', 'lifted', 'reopened']),
  note: note.refine((words) => !holdsAnyAddress(words), { params: { key: 'error.addressInWords' } }).default(''),
});
export type Judgement = z.infer<typeof judgementSchema>;
