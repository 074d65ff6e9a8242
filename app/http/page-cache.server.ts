import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { Database } from '#db/open';
import { negotiateLocale } from '#locales/translate';

/** A page may be kept for everybody who is not signed in when its route says so with this header. */
export const PUBLIC_CONTENT = 'x-public-content';

const MOST_BYTES = 12 * 1024 * 1024;
/** Hardly anybody searches for the same again: such pages would only drive out those that many read. */
const SEARCH = /[?&]q=[^&]/;
/** Cookies that make a page one's own: all but the mark of a browser that has signed in before. */
const OWN = /colloquy(?!-device=)/;
const compressGzip = promisify(gzip);
const compressBrotli = promisify(brotliCompress);

export interface Asked {
  /** Path and query. */
  url: string;
  cookie: string | undefined;
  acceptEncoding: string | undefined;
  acceptLanguage: string | undefined;
}

export interface KeptPage {
  headers: Record<string, string>;
  body: Buffer;
  etag: string;
}

/**
 * Public pages as they were sent, by conference, version of its public content, address, language and encoding. The
 * version is read for each request, so a page is never older than the last command that changed it, whichever
 * process ran that command.
 */
export class PageCache {
  readonly #db: Database;
  readonly #pages = new LRUCache<string, KeptPage>({
    maxSize: MOST_BYTES,
    sizeCalculation: (page, key) => page.body.length + key.length + 1_000,
  });

  constructor(db: Database) {
    this.#db = db;
  }

  /** The key under which an answer may be looked up or kept; null where the answer is this reader's own. */
  async key(asked: Asked): Promise<string | null> {
    if (OWN.test(asked.cookie ?? '') || asked.url.length > 500 || SEARCH.test(asked.url)) return null;
    const slug = /^\/([a-z0-9-]+)\/(?:papers\/|programme)/.exec(asked.url)?.[1];
    if (!slug) return null;
    const version = await this.#db
      .selectFrom('conferences')
      .select('content_version')
      .where('slug', '=', slug)
      .executeTakeFirst();
    if (!version) return null;
    return [
      version.content_version,
      encodingFor(asked.acceptEncoding),
      negotiateLocale(asked.acceptLanguage ?? null),
      asked.url,
    ].join(' ');
  }

  find(key: string): KeptPage | undefined {
    return this.#pages.get(key);
  }

  keep(key: string, page: KeptPage): void {
    this.#pages.set(key, page);
  }
}

export type Encoding = 'br' | 'gzip' | 'identity';

/** The encoding that we send to who accepts these (RFC 9110, 12.5.3). */
export function encodingFor(acceptEncoding = ''): Encoding {
  const accepted = acceptEncoding.toLowerCase();
  if (/\bbr\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(accepted)) return 'br';
  if (/\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(accepted)) return 'gzip';
  return 'identity';
}

/** Encodes a body. Kept pages are compressed once and well, others quickly. */
export async function encode(body: Buffer, encoding: Encoding, kept: boolean): Promise<Buffer> {
  if (encoding === 'br')
    return compressBrotli(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: kept ? 9 : 4,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
        // A window beyond a page's size saves no byte, and at quality 9 costs 20 MB and 7 ms to set up.
        [constants.BROTLI_PARAM_LGWIN]: 16,
      },
    });
  if (encoding === 'gzip') return compressGzip(body, { level: kept ? 9 : 5 });
  return body;
}

export function etagOf(body: Buffer, encoding: Encoding): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}-${encoding}"`;
}
