import type { Submission as ParsedForm } from '@conform-to/react';
import type { RequestContext } from '~/context.server';
import type { Viewer } from '~/domain/account/viewer';
import type { Format, Theme } from '~/domain/conference/queries.server';
import type { Saved } from '~/domain/submission/commands.server';
import { formValues, readingText } from '~/domain/submission/reading.server';
import { refused } from './form.server';

type Stale = Extract<Saved, { reason: 'stale' }>;

/**
 * The answer to a form that others have overtaken: what they have changed and it has not is in it now, what both have
 * changed is shown beside it, and a second press puts it in their place.
 */
export function overtaken(
  context: RequestContext,
  viewer: Viewer,
  // biome-ignore lint/suspicious/noExplicitAny: whatever the schema of the form makes of it
  parsed: ParsedForm<any, string[], any>,
  { theirs, taken, conflicts }: Stale,
  choices: { formats: Format[]; themes: Theme[] },
) {
  const result = parsed.reply({ formErrors: [context.t('submit.stale')] });
  const values: Record<string, unknown> = formValues(theirs, viewer);
  const initialValue = { ...result.initialValue, ...Object.fromEntries(taken.map((name) => [name, values[name]])) };
  return refused(
    { ...result, initialValue: initialValue as typeof result.initialValue },
    {
      theirs: {
        versionId: theirs.version.id as string,
        handedIn: theirs.state !== 'draft',
        text: readingText(theirs, choices.formats, choices.themes),
        conflicts: conflicts as string[],
      },
    },
    409,
  );
}
