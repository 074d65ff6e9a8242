import { localPath } from '~/paths';

/**
 * Leads to another page of the portal: the one place that makes a redirect. Whatever it is given, it leads nowhere else;
 * what is no path of the portal's is its home. 302 for what was asked for, 303 for what was sent (RFC 9110, 15.4).
 */
export function redirectTo(
  to: string,
  options: { status?: 302 | 303; headers?: HeadersInit; origin?: string } = {},
): Response {
  const { status = 302, origin = '' } = options;
  const headers = new Headers(options.headers);
  headers.set('location', origin + (localPath(to) ?? '/'));
  return new Response(null, { status, headers });
}
