import { createElement, type ReactNode, Suspense } from 'react';
import { describe, expect, test } from 'vitest';
import { streamedDocument, wholeDocument } from '~/http/document.server';
import { scripts } from '../support/scripts';

/** React writes into views of this many bytes. */
const VIEW = 2_048;

async function streamed(page: ReactNode): Promise<Buffer> {
  const errors: unknown[] = [];
  const stream = await streamedDocument(page, { nonce: 'nonce', onError: (error) => errors.push(error) });
  const body = Buffer.from(await new Response(stream).arrayBuffer());
  expect(errors).toEqual([]);
  return body;
}

/** Each paragraph is short enough to be encoded into a view, and the `lead` of one byte each moves what follows. */
function page(lead: number, text: string): ReactNode {
  const paragraphs = ['x'.repeat(lead), ...Array.from({ length: Math.ceil((3 * VIEW) / 600) }, () => text)];
  return createElement(
    'html',
    null,
    createElement(
      'body',
      null,
      createElement(
        Suspense,
        null,
        paragraphs.map((words, key) => createElement('p', { key, title: words }, words)),
      ),
    ),
  );
}

/** What both say is the same but for the marks of React's boundaries. */
function content(html: string): string {
  return html.replace(/^<!doctype html>/i, '').replaceAll(/<!--.*?-->/g, '');
}

describe.each(Object.entries(scripts))('a page in %s', (_script, letters) => {
  test('is its text byte for byte, wherever a buffer ends', async () => {
    const text = letters
      .repeat(Math.ceil(150 / letters.length))
      .slice(0, 150)
      .toWellFormed();
    for (let lead = 0; lead <= 40; lead++) {
      const body = await streamed(page(lead, text));
      expect(body.includes(0)).toBe(false);
      const decoded = new TextDecoder('utf-8', { fatal: true }).decode(body);
      expect(content(decoded)).toBe(content(wholeDocument(page(lead, text))));
    }
  });

  test.each([1, 2, 3])('straddles the end of view %i', async (views) => {
    for (let lead = views * VIEW - 90; lead <= views * VIEW + 8; lead++) {
      // Pieces below a third of a view are gathered in it; `lead` is made of such.
      const gathered = Array.from({ length: Math.ceil(lead / 500) }, (_, index) =>
        'x'.repeat(Math.min(500, lead - index * 500)),
      );
      const body = await streamed(createElement('html', null, [...gathered, letters.repeat(4)]));
      expect(body.includes(0)).toBe(false);
      const decoded = new TextDecoder('utf-8', { fatal: true }).decode(body);
      expect(content(decoded)).toBe(`<html>${gathered.join('')}${letters.repeat(4)}</html>`);
    }
  });
});
