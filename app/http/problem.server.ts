import { isRouteErrorResponse } from '@remix-run/react';
import { isUnavailable } from '#db/write';
import type { RequestContext } from '~/context.server';

/** Called by Remix for what a loader, an action or a component throws. */
export function noteError(error: unknown, context: RequestContext): void {
  if (isUnavailable(error)) {
    context.unavailable = true;
    context.log.warn({ code: (error as { code?: string }).code }, 'database not available');
  } else if (!isAnswer(error)) {
    context.log.error({ err: error }, 'route failed');
  }
}

/** What Remix throws for a request that no route takes is its answer, not our failure. */
function isAnswer(error: unknown): boolean {
  return isRouteErrorResponse(error) && error.status < 500;
}
