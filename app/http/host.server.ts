import type { IncomingHttpHeaders } from 'node:http';
import type { Config } from '~/config.server';
import { isLoopback, isPublicName } from '~/host-names.server';

type Known = Pick<Config, 'origin' | 'trustProxy'>;

/** Stands in an address that has been led to ORIGIN once: a proxy that names another host all the same makes no loop. */
const LED = 'moved';
/** Asked for by machines, or by scripts of a page that is open. */
const NO_PAGE = /^\/(health|metrics|api\/|assets\/|favicon|robots\.txt)|\.data$|\/news$/;

/** The name and port that a browser has asked for, as far as it can be known. */
export function hostOf(headers: IncomingHttpHeaders, { trustProxy }: Known): string {
  const forwarded = trustProxy
    ? String(headers['x-forwarded-host'] ?? '')
        .split(',')[0]!
        .trim()
    : '';
  return (forwarded || headers.host || '').toLowerCase();
}

/**
 * Where a page stands that was asked for under another name of the portal; null: here. Forms are accepted from ORIGIN
 * alone, so people are led there before they type. `url` is path and query. A name that only this machine or network
 * knows says nothing: many proxies put it in place of the one that the browser has asked for.
 */
export function placeAtOrigin(url: string, headers: IncomingHttpHeaders, config: Known): string | null {
  const origin = new URL(config.origin);
  const asked = parsed(hostOf(headers, config));
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  if (!asked || asked.hostname === origin.hostname || NO_PAGE.test(path) || !path.startsWith('/')) return null;
  if (isLoopback(origin.hostname)) {
    // Another door of this machine may lead to another program.
    const same = isLoopback(asked.hostname) && asked.port === origin.port && origin.protocol === 'http:';
    return same ? config.origin + url : null;
  }
  if (!isPublicName(asked.hostname) || !isPublicName(origin.hostname)) return null;
  const search = new URLSearchParams(query);
  if (search.has(LED)) return null;
  search.set(LED, '1');
  return `${config.origin}${path}?${search}`;
}

/** Whether a form comes from a page of the portal under another of its names: then what was typed goes on at ORIGIN. */
export function isOwnElsewhere(claimed: string | null, host: string, site: string | null): boolean {
  const from = claimed === null ? null : URL.canParse(claimed) ? new URL(claimed) : null;
  return (
    host !== '' &&
    from !== null &&
    from.origin === claimed &&
    from.host === host &&
    (site ?? 'same-origin') === 'same-origin'
  );
}

function parsed(host: string): URL | null {
  return /^[a-z0-9.:[\]_-]+$/.test(host) && URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : null;
}
