/** Far above the longest abstract and byline; far below what would hurt. In bytes. */
const MOST_BODY_BYTES = 512 * 1024;
const FORM_TYPES = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i;

/** The body of a POST, or null where it is over the limit. Stops reading there. Anything but a form reads as empty. */
export async function readBody(request: Request): Promise<ArrayBuffer | null> {
  if (Number(request.headers.get('content-length') ?? 0) > MOST_BODY_BYTES) return null;
  if (!request.body || !FORM_TYPES.test(request.headers.get('content-type') ?? '')) return new ArrayBuffer(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MOST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return new Blob(chunks as BlobPart[]).arrayBuffer();
}
