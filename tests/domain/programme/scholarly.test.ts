import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Paper } from '~/domain/programme/paper';
import { parseProgrammeQuery } from '~/domain/programme/schema';
import { citationTags, scholarlyArticle } from '~/domain/programme/scholarly';

const about = {
  conference: { name: 'Central Asia 2027', slug: 'cas-2027', startsOn: '2027-06-02' },
  origin: 'https://portal.example',
};
const paper = {
  ref: 'A/1 ?',
  title: 'Title',
  abstract: 'Words',
  authors: [],
  keywords: [],
  language: '',
  format: 'Talk',
  theme: 'Water',
  publishedAt: '2027-01-15T10:00:00.000Z',
} as unknown as Paper;

describe('what machines read of a paper', () => {
  test('is left out where it is not known', () => {
    expect(citationTags(paper, about)).toEqual([
      { name: 'citation_title', content: 'Title' },
      { name: 'citation_conference_title', content: 'Central Asia 2027' },
      { name: 'citation_publication_date', content: '2027/06/02' },
      { name: 'citation_abstract_html_url', content: 'https://portal.example/cas-2027/papers/A%2F1%20%3F' },
    ]);
    expect(Object.keys(scholarlyArticle(paper, about))).not.toContain('keywords');
  });

  test('has the day of publication where the conference has none', () => {
    const dateless = { ...about, conference: { ...about.conference, startsOn: null } };
    expect(citationTags(paper, dateless)).toContainEqual({ name: 'citation_publication_date', content: '2027/01/15' });
    expect(scholarlyArticle(paper, dateless).isPartOf).toEqual({ '@type': 'Event', name: 'Central Asia 2027' });
  });

  test('has authors in the order of the byline, each before what is theirs', () => {
    const authors = [
      { name: 'A', affiliation: 'X', orcid: '0000-0002-1825-0097', presenter: true },
      { name: 'B', affiliation: '', orcid: null, presenter: false },
    ];
    const tags = citationTags({ ...paper, authors }, about).filter(({ name }) => name.startsWith('citation_author'));
    expect(tags.map(({ content }) => content)).toEqual(['A', 'X', 'https://orcid.org/0000-0002-1825-0097', 'B']);
  });
});

describe('the programme’s address', () => {
  test('is read, and what makes no sense in it is passed over', () => {
    const read = (query: string) => parseProgrammeQuery(new URLSearchParams(query));
    expect(read('q=a%0Ab&format=f&theme=t&after=7')).toEqual({ q: 'a b', format: 'f', theme: 't', after: 7 });
    expect(read('')).toEqual({ q: '', format: '', theme: '', after: 0 });
    for (const after of ['x', '-1', '1.5', '1e99', 'Infinity', 'NaN', ''])
      expect([after, read(`after=${after}`).after]).toEqual([after, 0]);
    expect(read(`q=${'x'.repeat(301)}&format=${'x'.repeat(41)}`)).toMatchObject({ q: '', format: '' });
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.webQueryParameters(), fc.string({ unit: 'binary' }), (query, typed) => {
        expect(() => parseProgrammeQuery(new URLSearchParams(query))).not.toThrow();
        expect(() => parseProgrammeQuery(new URLSearchParams({ q: typed, after: typed, format: typed }))).not.toThrow();
      }),
    );
  });
});
