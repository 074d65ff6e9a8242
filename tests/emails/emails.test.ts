import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mails } from '#emails/index';
import { type MailTemplate, renderMail } from '#emails/mail';
import { locales, translator } from '#locales/translate';

const _t = translator('en');
// biome-ignore lint/suspicious/noExplicitAny: each template has props of its own
type Any = MailTemplate<any>;

test('every mail of the directory is in the list, under its own name', () => {
  const helpers = ['index', 'layout', 'mail'];
  const files = readdirSync(new URL('../../emails', import.meta.url)).map((name) => name.replace(/\.ts$/, ''));
  expect(mails.map((mail) => mail.kind).sort()).toEqual(files.filter((name) => !helpers.includes(name)).sort());
});

describe.each(mails.map((mail) => [mail.kind, mail] as [string, Any]))('%s', (kind, mail) => {
  test.each(locales)('renders from its sample in %s', (locale) => {
    const rendered = renderMail(mail, mail.sample, locale);
    expect(rendered.kind).toBe(kind);
    for (const part of [rendered.subject, rendered.text, rendered.html]) {
      expect(part.trim()).not.toBe('');
      // Neither a key without its message nor a placeholder without its value.
      expect(part).not.toMatch(/\bmail\.[a-z]+\.|[{}]|undefined|\[object/i);
    }
    expect(rendered.html).toContain(`<html lang="${locale}">`);
  });

  test('says the same in text and in HTML', () => {
    const { text, html } = renderMail(mail, mail.sample);
    expect(wordsOf(readable(html))).toEqual(wordsOf(text));
  });

  test('loads nothing and runs nothing', () => {
    expect(markupOf(renderMail(mail, mail.sample).html)).toEqual({ tags: true, attributes: true });
  });

  test('text that means mischief is only text', () => {
    const mischief = '<script>alert(1)</script>"><img src=x onerror=alert(1)> &amp; {name} </body>\' \u0000';
    const { text, html } = renderMail(
      mail,
      withTexts(mail, () => mischief),
    );
    expect(markupOf(html)).toEqual({ tags: true, attributes: true });
    expect(wordsOf(readable(html))).toEqual(wordsOf(text));
  });

  test('the subject is one line of well-formed text, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab \r\n\u0000\u2028\u2029\u0085\ud800:<é') }), (typed) => {
        const { subject } = renderMail(
          mail,
          withTexts(mail, () => typed),
        );
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must be gone
        expect(subject).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/);
        expect(subject.isWellFormed()).toBe(true);
      }),
    );
  });

  test('props of another shape are a bug and not a mail', () => {
    expect(() => renderMail(mail, {})).toThrow();
    expect(() => renderMail(mail, { ...mail.sample, url: 'javascript' })).toThrow();
  });
});

/** The sample with each of its free texts replaced; what only certain values may stand in stays. */
function withTexts(mail: Any, replace: () => string): unknown {
  const visit = (value: unknown, path: string[]): unknown => {
    if (typeof value === 'string') {
      const changed = set(mail.sample, path, replace());
      return mail.props.safeParse(changed).success ? replace() : value;
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner, [...path, key])]));
  };
  return visit(mail.sample, []);
}

function set(object: Record<string, unknown>, [key, ...rest]: string[], value: string): Record<string, unknown> {
  if (key === undefined) return object;
  return { ...object, [key]: rest.length > 0 ? set(object[key] as Record<string, unknown>, rest, value) : value };
}

const TAGS = ['html', 'head', 'meta', 'title', 'body', 'p', 'br', 'a', 'blockquote'];
const ATTRIBUTES = ['lang', 'charset', 'name', 'content', 'style', 'dir', 'href'];

/** Whether there are only tags and attributes that do nothing. */
function markupOf(html: string): { tags: boolean; attributes: boolean } {
  const tags = [...html.matchAll(/<\/?([^\s>]*)([^>]*)>?/g)].filter(([whole]) => whole !== '<!doctype html>');
  return {
    tags: tags.every(([, name]) => TAGS.includes(name ?? '')),
    attributes: tags.every(([, , rest]) => {
      const names = (rest ?? '')
        .replace(/="[^"]*"/g, '')
        .trim()
        .split(/\s+/)
        .filter(Boolean);
      return names.every((name) => ATTRIBUTES.includes(name)) && !/url\(|expression|@import/i.test(rest ?? '');
    }),
  };
}

function readable(html: string): string {
  const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };
  const body = html.slice(html.indexOf('<body'));
  return body.replace(/<[^>]*>/g, ' ').replace(/&[a-z0-9#]+;/g, (entity) => entities[entity] ?? entity);
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}
