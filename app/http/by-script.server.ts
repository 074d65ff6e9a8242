/** Of a form that a page's script sends (app/client/sending.ts): for whom the page was made (`accountMark`); else `1`. */
export const BY_SCRIPT = 'x-colloquy-form';

/** For whom the page was made that a script sends a form from; null: nobody, or no script has sent it. */
export function typistOf(request: Request): string | null {
  const mark = request.headers.get(BY_SCRIPT) ?? '';
  return /^[\w-]{43}$/.test(mark) ? mark : null;
}

/** To sign in first, or to go on at ORIGIN: what was typed waits there and is not saved. */
const UNSAVED = /^(https?:\/\/[^/]+)?\/sign-in\b|[?&]kept=/;

/**
 * A script cannot see where a redirect leads, and following it would eat the notice that is shown once. So it is told,
 * and whether that is the confirmation of what it sent: the way to sign in is none.
 */
export function forScript(response: Response): Response {
  // It leaves to the browser what is to be shown, and asks for that once more: no page is sent twice.
  if (response.status >= 400 && response.status < 500 && response.status !== 413)
    return new Response(null, { status: 204, headers: { 'x-colloquy-refused': String(response.status) } });
  const to = response.headers.get('location');
  if (to === null || response.status < 301 || response.status > 303) return response;
  const headers = new Headers(response.headers);
  headers.delete('location');
  headers.set('x-colloquy-location', to);
  if (!UNSAVED.test(to)) headers.set('x-colloquy-confirmed', '1');
  return new Response(null, { status: 204, headers });
}
