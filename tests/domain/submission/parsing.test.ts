import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '~/domain/submission/markdown.server';
import { parseOrcid } from '~/domain/submission/orcid';
import { submissionSchema } from '~/domain/submission/schema';

describe('an ORCID iD', () => {
  test.each<[string, string | null]>([
    ['0000-0002-1825-0097', '0000-0002-1825-0097'],
    ['0000000218250097', '0000-0002-1825-0097'],
    [' https://orcid.org/0000-0002-1825-0097/ ', '0000-0002-1825-0097'],
    ['http://www.orcid.org/0000-0002-1694-233X', '0000-0002-1694-233X'],
    ['0000-0002-1694-233x', '0000-0002-1694-233X'],
    ['0000-0002-1825-0098', null],
    ['0000-0002-1825-009', null],
    ['0000-0002-1825-00977', null],
    ['X000-0002-1825-0097', null],
    ['https://evil.example/0000-0002-1825-0097', null],
    ['٠٠٠٠-0002-1825-0097', null],
    ['', null],
    ['orcid.org/0000-0002-1825-0097', '0000-0002-1825-0097'],
    ['www.orcid.org/0000-0002-1825-0097', '0000-0002-1825-0097'],
    ['//orcid.org/0000-0002-1825-0097', '0000-0002-1825-0097'],
    ['https://orcid.org/0000-0002-1825-0097?lang=en', '0000-0002-1825-0097'],
    ['https://orcid.org/0000-0002-1825-0097/?lang=en#works', '0000-0002-1825-0097'],
    ['https://orcid.org/0000-0002-1825-0097/print', '0000-0002-1825-0097'],
    ['https://orcid.org/my-orcid?orcid=0000-0002-1825-0097', '0000-0002-1825-0097'],
    ['http://www.orcid.org/0000-0002-1825-0097/', '0000-0002-1825-0097'],
    ['HTTPS://ORCID.ORG/0000-0002-1694-233x', '0000-0002-1694-233X'],
    ['https://orcid.org/ 0000-0002-1825-0097', '0000-0002-1825-0097'],
    ['ORCID: 0000-0002-1825-0097', '0000-0002-1825-0097'],
    ['ORCID iD: 0000-0002-1825-0097', '0000-0002-1825-0097'],
    ['ORCID ID 0000-0002-1825-0097', '0000-0002-1825-0097'],
    ['ORCID-iD: https://orcid.org/0000-0002-1825-0097', '0000-0002-1825-0097'],
    ['orcid:0000-0002-1825-0097', '0000-0002-1825-0097'],
    ['ORCID iD: <https://orcid.org/0000-0002-1825-0097>', '0000-0002-1825-0097'],
    ['ORCID 0000000218250097', '0000-0002-1825-0097'],
    ['ORCID No. 0000-0002-1825-0097', '0000-0002-1825-0097'],
    ['<https://orcid.org/0000-0002-1825-0097>', '0000-0002-1825-0097'],
    ['(0000-0002-1825-0097)', '0000-0002-1825-0097'],
    ['0000-0002-1825-0097.', '0000-0002-1825-0097'],
    ['0000 0002 1825 0097', '0000-0002-1825-0097'],
    ['0000 - 0002 - 1825 - 0097', '0000-0002-1825-0097'],
    ['0000\u00a00002\u00a01825\u202f0097', '0000-0002-1825-0097'],
    ['0000-0002-\n1825-0097', '0000-0002-1825-0097'],
    ...[...'\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d'].map(
      (dash) => [['0000', '0002', '1694', '233X'].join(dash), '0000-0002-1694-233X'] as [string, string],
    ),
    ['００００－０００２－１６９４－２３３Ｘ', '0000-0002-1694-233X'],
    ['\ufeff\u200b0000-0002\u00ad-1825-\u20600097\u200e', '0000-0002-1825-0097'],
    ['ORCID: 0000-0002-1825-0098', null],
    ['https://orcid.org/0000-0002-1825-0098?lang=en', null],
    ['orcid.org/0000–0002–1694–2330', null],
    ['orcid.org.evil.example/0000-0002-1825-0097', null],
    ['https://evilorcid.org/0000-0002-1825-0097', null],
    ['0000-0002-1825-0097 0000-0002-1694-233X', null],
    ['0000-0002-1825-00975', null],
    ['orcid', null],
    ['ORCID: ', null],
    ['https://orcid.org/', null],
  ])('%j is read as %j', (typed, expected) => {
    expect(parseOrcid(typed)).toBe(expected);
  });

  test.each(['0', ' ', '-', '0000-', '–', 'orcid', '<', '?', '/', '.', '\u200b', '0000-0002-1825-0097'])(
    'is sought in a row of %j in time in proportion',
    (part) => {
      for (const [before, after] of [
        ['', ''],
        ['orcid.org/0000-0002-1825-0097', 'x'],
        ['0000', '-0002-1825-009'],
      ]) {
        const began = performance.now();
        parseOrcid(before + part.repeat(500_000 / part.length) + after);
        expect(performance.now() - began).toBeLessThan(1_000);
      }
    },
  );

  test('one digit more or less is always noticed', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 15, maxLength: 15 });
    const good = digits.map((some) => {
      const base = some.join('');
      const check = [...'0123456789X'].find((digit) => parseOrcid(base + digit) !== null)!;
      return base + check;
    });
    fc.assert(
      fc.property(good, fc.integer({ min: 0, max: 14 }), fc.integer({ min: 1, max: 9 }), (orcid, place, shift) => {
        const read = parseOrcid(orcid)!;
        expect(read.replaceAll('-', '')).toBe(orcid);
        expect(parseOrcid(read)).toBe(read);
        const digit = (Number(orcid[place]) + shift) % 10;
        expect(parseOrcid(orcid.slice(0, place) + digit + orcid.slice(place + 1))).toBeNull();
      }),
    );
  });
});

describe('Markdown', () => {
  test('makes nothing but the few elements that it knows, whatever is typed', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '&#',
      '[',
      ']',
      '(',
      ')',
      '!',
      '*',
      '_',
      '~',
      '^',
      '`',
      '\n',
      ' ',
      '-',
      '1. ',
      '\\',
      'javascript:',
      'https://x.example',
      'onerror=',
      '<script>',
      '</div>',
      '<img src=x>',
      'a',
      '[a](',
      'data:text/html,',
    );
    const texts = fc.oneof(
      fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const html = renderMarkdown(text);
        const tags = html.match(/<[^>]*>/g) ?? [];
        for (const tag of tags)
          expect(tag).toMatch(
            /^<(\/?(p|em|strong|ul|li|sub|sup|a|br|ol)|a|br \/|ol start="\d+"|a href="https?:\/\/[^"<>]*"( title="[^"<>]*")? rel="nofollow noopener ugc")>$/i,
          );
        expect(html.replace(/<[^>]*>/g, '')).not.toMatch(/[<>]/);
      }),
      { numRuns: 500 },
    );
  });

  test('takes no time over what is written to take it', () => {
    for (const text of [
      '['.repeat(20_000),
      '*a'.repeat(20_000),
      '~'.repeat(20_000),
      '[a]('.repeat(10_000),
      '- '.repeat(5_000),
    ])
      expect(typeof renderMarkdown(text)).toBe('string');
  });
});

describe('the author’s form', () => {
  const choices = { formats: [{ id: 'f', wordLimit: 5 }], themes: [{ id: 't' }] };
  const schema = submissionSchema(choices);
  const form = {
    intent: 'submit',
    title: 'T',
    abstract: 'one two',
    formatId: 'f',
    themeId: 't',
    authors: [{ name: 'A' }],
  };

  test('takes what is whole', () => {
    expect(schema.parse({ ...form, keywords: ' b,  a ;a، c\nb ', language: 'zh-Hans' })).toMatchObject({
      keywords: ['b', 'a', 'c'],
      language: 'zh-Hans',
      authors: [{ name: 'A', affiliation: '', presenter: false, contactable: false, forgetAddress: false }],
      markdown: false,
    });
  });

  test('counts words in every script', () => {
    for (const abstract of ['one two three four five', 'один два три четыре пять', 'یک دو سه چهار پنج'])
      expect([abstract, schema.safeParse({ ...form, abstract }).success]).toEqual([abstract, true]);
    for (const abstract of [
      'one two three four five six',
      'один два три четыре пять шесть',
      '我们关于河流的研究和历史的一些笔记在这里',
    ])
      expect([abstract, schema.safeParse({ ...form, abstract }).success]).toEqual([abstract, false]);
    expect(schema.safeParse({ ...form, abstract: 'one two three four five six', intent: 'draft' }).success).toBe(true);
  });

  test('never throws, whatever shape comes in', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(form), 'keywords', 'language', 'markdown', 'baseVersion'),
        fc.anything(),
        (name, value) => {
          expect(() => schema.safeParse({ ...form, [name]: value })).not.toThrow();
        },
      ),
    );
  });
});
