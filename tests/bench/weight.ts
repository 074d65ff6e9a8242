import { below, type Figure } from './figure';
import type { Portal } from './portal';
import { capture } from './wire';

const MOST_KILOBYTES = 30;

/** What a first visit to a paper page loads: the page, its style, its icon; with all headers. */
export async function measureWeight(portal: Portal): Promise<Figure> {
  const brotli = await weigh(portal, 'br');
  const gzip = await weigh(portal, 'gzip');
  const value = brotli.total / 1000;
  return {
    name: 'weight.paper',
    value,
    unit: 'kB',
    ratio: null,
    note: `with br ${brotli.parts}; with gzip ${(gzip.total / 1000).toFixed(1)} kB`,
    goal: below(MOST_KILOBYTES, value, 'kB'),
  };
}

async function weigh(portal: Portal, encoding: string): Promise<{ total: number; parts: string }> {
  const headers = { 'accept-encoding': encoding };
  const path = portal.paper(1);
  const page = await capture(portal.url, { path, headers });
  const html = await (await fetch(portal.url + path, { headers })).text();
  if (/<script(?! type="application\/ld\+json")/.test(html)) throw new Error('The paper page loads scripts');
  const links = [...html.matchAll(/<link rel="(?:stylesheet|icon)"[^>]* href="([^"]+)"/g)].map(([, href]) => href!);
  const sizes: [string, number][] = [['page', page.bytes]];
  for (const href of links)
    sizes.push([href.split('.').at(-1)!, (await capture(portal.url, { path: href, headers })).bytes]);
  return {
    total: sizes.reduce((sum, [, size]) => sum + size, 0),
    parts: sizes.map(([name, size]) => `${name} ${(size / 1000).toFixed(1)}`).join(' + '),
  };
}
