import type { RequestContext } from '~/context.server';
import type { Conference } from '~/domain/conference/queries.server';
import { windowState } from '~/domain/conference/state';
import { formatInstant } from '~/domain/conference/zoned-time';

/** Why nothing can be submitted now, with the time and its zone. */
export function windowSentence(context: RequestContext, conference: Conference): string {
  const state = windowState(conference, context.clock.now());
  const zoned = (at: string | null) => (at ? formatInstant(at, conference.timeZone) : '');
  return state === 'early'
    ? context.t('conference.early', { at: zoned(conference.opensAt) })
    : context.t('conference.closed', { at: zoned(conference.closesAt) });
}

/** That a limit was reached, and when it may be tried again. */
export function limitSentence(context: RequestContext, retryAt: Date): string {
  return context.t('error.limit', { at: formatInstant(retryAt, 'UTC') });
}
