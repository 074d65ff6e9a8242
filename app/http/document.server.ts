import type { ReactNode } from 'react';
import { renderToReadableStream, renderToString } from 'react-dom/server.browser';

/** A page whose parts are all there, as a string. */
export function wholeDocument(page: ReactNode): string {
  return `<!doctype html>${renderToString(page)}`;
}

/**
 * A page that waits for Remix's hand-over, complete before its first byte leaves. By the stream for the web: React's
 * stream for Node (react-dom 18, `writeStringChunk`) encodes strings into views of 2,048 bytes, and where a character of
 * several bytes does not fit the rest of a view it sends that view with its end unwritten, as NUL bytes. The one for the
 * web encodes each string by itself.
 */
export async function streamedDocument(
  page: ReactNode,
  { nonce, onError }: { nonce: string; onError(error: unknown): void },
): Promise<ReadableStream<Uint8Array>> {
  const stream = await renderToReadableStream(page, { nonce, onError });
  await stream.allReady;
  return stream;
}
