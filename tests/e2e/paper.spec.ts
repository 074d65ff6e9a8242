import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from './portal';

const MOST_BYTES = 30 * 1024;

for (const encoding of ['br', 'gzip']) {
  test(`the paper page and its style weigh at most 30 KB over the wire with ${encoding}`, async ({ portal }) => {
    const page = await get(`${portal.origin}${portal.conference}/papers/T0121`, encoding);
    const styles = [...page.html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href]) => href);
    expect(styles.length).toBeGreaterThan(0);
    let bytes = page.bytes;
    for (const href of styles) {
      const style = await get(portal.origin + href, encoding);
      expect(style.encoding).toBe(encoding);
      bytes += style.bytes;
    }
    expect(page.encoding).toBe(encoding);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  });
}

test('the paper page asks for its style and its icon, and for no script', async ({ page, portal }) => {
  const asked: string[] = [];
  page.on('request', (one) => asked.push(one.resourceType()));
  await page.goto(`${portal.conference}/papers/T0121`);
  expect(asked.filter((type) => type !== 'stylesheet' && type !== 'other')).toEqual(['document']);
  const scripts = page.locator('script:not([type="application/ld+json"]), link[rel="modulepreload"]');
  await expect(scripts).toHaveCount(0);
  await expect(page.locator('script[type="application/ld+json"]')).toHaveCount(1);
});

/** What one request brings, as it comes over the wire. */
function get(url: string, encoding: string): Promise<{ bytes: number; encoding: string | undefined; html: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { 'accept-encoding': encoding } }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      const html = decode(body, response.headers['content-encoding']);
      resolve({ bytes: body.length, encoding: response.headers['content-encoding'], html });
    });
    asked.on('error', reject).end();
  });
}

function decode(body: Buffer, encoding: string | undefined): string {
  if (encoding === 'br') return brotliDecompressSync(body).toString();
  return (encoding === 'gzip' ? gunzipSync(body) : body).toString();
}
