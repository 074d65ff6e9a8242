import { pagePath } from '~/auth/keeping.server';
import type { RequestContext } from '~/context.server';

/** What an address alone opens: a link of a mail, or captured mail. */
const BY_LINK = /^\/(sign-in\/link|account\/address|letters|confirm|authorship|dev)(\/|$)/;
/** What everybody sees alike but for a name and stars, and forms for something new, which Back must find as they were left. */
const ALIKE =
  /^\/(?!(?:account|letters|confirm|authorship|dev)(?:\/|$))(?:[^/]+(?:\/(?:programme|submit|papers\/[^/]+(?:\/message)?))?)?$/;

/** Whether a person's own things stand in an answer: no browser is to keep it for whoever comes next. */
export function isOnesOwn(request: Request, context: RequestContext): boolean {
  const { pathname, searchParams } = new URL(request.url);
  if (request.method === 'POST' || searchParams.has('kept') || BY_LINK.test(pathname)) return true;
  return context.account !== null && !ALIKE.test(pagePath(pathname));
}
