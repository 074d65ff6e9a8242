import { describe, expect, test } from 'vitest';
import { write } from '#db/write';
import { PAGE_SIZE } from '~/domain/programme/schema';
import { importPapers } from '~/domain/submission/import.server';
import { decode } from '../support/answer';
import { engines } from '../support/database';
import { openPortal, type TestPortal } from '../support/portal';
import { makeConference, makePerson, makeSubmission } from '../support/world';

async function setUp(options: Parameters<typeof openPortal>[0] = {}) {
  const portal = await openPortal(options);
  const world = await makeConference(portal.ctx);
  const author = await portal.signIn(await makePerson(portal.ctx, 'Aigul Author'));
  return { portal, world, author };
}

function metas(answer: { elements(name: string): Record<string, string>[] }, name: string): string[] {
  return answer
    .elements('meta')
    .filter((meta) => meta.name === name)
    .map((meta) => meta.content!);
}

function jsonLd(html: string): Record<string, unknown>[] {
  return [...html.matchAll(/<script type="application\/ld\+json"[^>]*>(.*?)<\/script>/gs)].map(([, json]) =>
    JSON.parse(json!),
  );
}

describe('the page of a paper', () => {
  test('says all that its readers know', async () => {
    const { portal, world, author } = await setUp();
    const paper = await makeSubmission(portal.ctx, world, author, {
      state: 'published',
      title: 'Unraveling Diplomacy',
      abstract: 'First paragraph.\n\nSecond paragraph.',
      keywords: 'water, trust',
      language: 'en',
      authors: [
        {
          name: 'Aigul Author',
          affiliation: 'Institute of Rivers',
          presenter: true,
          orcid: '0000-0002-1825-0097',
          address: author.address,
          contactable: true,
        },
        { name: 'Cem Coauthor' },
      ],
    });
    const page = await portal.get(`/cas-2027/papers/${paper.ref}`);
    expect(page.title).toBe('Unraveling Diplomacy · Central Asia 2027');
    expect(page.heading).toBe('Unraveling Diplomacy');
    for (const said of [
      'T0001',
      'Aigul Author (Institute of Rivers)',
      'Cem Coauthor',
      'Talk',
      'History',
      'First paragraph.',
      'water, trust',
    ])
      expect(page.text).toContain(said);
    expect(page.text).toContain('The star adds this paper to your schedule once you have signed in.');
    expect(page.elements('a').map(({ href }) => href)).toEqual(
      expect.arrayContaining([`/cas-2027/papers/T0001/message`, 'https://orcid.org/0000-0002-1825-0097']),
    );
    // No script that runs, and nothing from anywhere else.
    expect(page.elements('script').map(({ type }) => type)).toEqual(['application/ld+json']);
    for (const { src } of [...page.elements('img'), ...page.elements('iframe')]) expect(src).toBeUndefined();

    expect(metas(page, 'citation_title')).toEqual(['Unraveling Diplomacy']);
    expect(metas(page, 'citation_author')).toEqual(['Aigul Author', 'Cem Coauthor']);
    expect(metas(page, 'citation_author_institution')).toEqual(['Institute of Rivers']);
    expect(metas(page, 'citation_conference_title')).toEqual(['Central Asia 2027']);
    expect(metas(page, 'citation_publication_date')).toEqual(['2027/06/02']);
    expect(metas(page, 'citation_abstract_html_url')).toEqual(['https://portal.example/cas-2027/papers/T0001']);
    expect(page.elements('link').find(({ rel }) => rel === 'canonical')!.href).toBe(
      'https://portal.example/cas-2027/papers/T0001',
    );
    expect(jsonLd(page.html)).toEqual([
      expect.objectContaining({
        '@type': 'ScholarlyArticle',
        headline: 'Unraveling Diplomacy',
        identifier: 'T0001',
        abstract: 'First paragraph.\n\nSecond paragraph.',
        keywords: ['water', 'trust'],
        author: [
          expect.objectContaining({ name: 'Aigul Author', '@id': 'https://orcid.org/0000-0002-1825-0097' }),
          { '@type': 'Person', name: 'Cem Coauthor' },
        ],
      }),
    ]);
  });

  test('shows hostile text as text, in each place where it stands', async () => {
    const { portal, world, author } = await setUp();
    const hostile = '</script><script>alert(1)</script><!-- "\'><img src=x onerror=alert(2)> &lt;b&gt; ]]> {{7*7}}';
    const paper = await makeSubmission(portal.ctx, world, author, {
      state: 'published',
      title: hostile,
      abstract: `${hostile}\n\n[x](javascript:alert(3)) **not bold**`,
      keywords: hostile.replaceAll(',', ' '),
      authors: [{ name: '<b>Eve</b> & "Mallory"', affiliation: hostile }],
    });
    for (const path of [`/cas-2027/papers/${paper.ref}`, '/cas-2027/programme', '/cas-2027/programme?q=alert']) {
      const page = await portal.get(path);
      expect(page.text).toContain(hostile);
      expect(page.text).toContain('<b>Eve</b> & "Mallory"');
      expect(page.html).not.toMatch(/<img|<script>|onerror=alert\(\d\)>(?!.*&gt;)|<b>|<strong>/);
      expect(page.elements('script').every(({ type }) => type === 'application/ld+json')).toBe(true);
    }
    const page = await portal.get(`/cas-2027/papers/${paper.ref}`);
    const [article] = jsonLd(page.html);
    expect(article).toMatchObject({ headline: hostile, author: [{ name: '<b>Eve</b> & "Mallory"' }] });
    expect(metas(page, 'citation_title')).toEqual([hostile]);
    expect(page.title).toBe(`${hostile} · Central Asia 2027`);
    expect(page.html).not.toMatch(/href="javascript:/i);
  });

  test('renders Markdown only where its author said so, and nothing dangerous of it', async () => {
    const { portal, world, author } = await setUp();
    const abstract = [
      '*em* **strong** H~2~O x^2^ [web](https://good.example/?a=1&b=2)',
      '- one\n- two',
      '[js](javascript:alert(1)) [data](data:text/html,x) [vb](vbscript:x) [rel](//evil.example) ![img](https://evil.example/p.png)',
      '<img src=x onerror=alert(2)> <b>raw</b> &lt;i&gt; `code` # no heading',
    ].join('\n\n');
    const plain = await makeSubmission(portal.ctx, world, author, { state: 'published', abstract });
    const marked = await makeSubmission(portal.ctx, world, author, { state: 'published', abstract, markdown: true });
    const asTyped = await portal.get(`/cas-2027/papers/${plain.ref}`);
    expect(asTyped.text).toContain('*em* **strong** H~2~O x^2^ [web](https://good.example/?a=1&b=2)');
    expect(asTyped.html).not.toContain('<em>');

    const rendered = await portal.get(`/cas-2027/papers/${marked.ref}`);
    const html = /<div class="abstract"[^>]*>(.*?)<\/div>/s.exec(rendered.html)![1]!;
    for (const part of ['<em>em</em>', '<strong>strong</strong>', 'H<sub>2</sub>O', 'x<sup>2</sup>', '<li>one</li>'])
      expect(html).toContain(part);
    expect(html.match(/<a [^>]*>/g)).toEqual([
      '<a href="https://good.example/?a=1&amp;b=2" rel="nofollow noopener ugc">',
      // A picture is a link: nothing is fetched before somebody wants it.
      '<a href="https://evil.example/p.png" rel="nofollow noopener ugc">',
    ]);
    expect(html).not.toMatch(/<(img|b|i|script|h1|code)\b/);
    expect(html).toContain('&lt;img src=x onerror=alert(2)&gt;');
  });

  test('gives every script its own direction and language, and loses no character', async () => {
    const { portal, world, author } = await setUp();
    const title = 'فرغانه و آب — می‌خواهم 👩‍👩‍👧 Ўзбекча 中亚 e\u0301';
    const paper = await makeSubmission(portal.ctx, world, author, { state: 'published', title, language: 'fa' });
    const page = await portal.get(`/cas-2027/papers/${paper.ref}`);
    expect(page.heading).toBe(title);
    expect(page.html).toMatch(/<h1 dir="auto" lang="fa">/);
    // What makes a line read as another is taken out.
    const tricked = await makeSubmission(portal.ctx, world, author, {
      state: 'published',
      title: 'a\u202Eb\u2066c\u0007d',
    });
    expect((await portal.get(`/cas-2027/papers/${tricked.ref}`)).heading).toBe('abcd');
  });

  test('of a later version is the published one until it is published again', async () => {
    const { portal, world, author } = await setUp();
    const paper = await makeSubmission(portal.ctx, world, author, { state: 'published', title: 'First title' });
    await portal.ctx.db.updateTable('submissions').set({ state: 'submitted' }).where('id', '=', paper.id).execute();
    const form = (await portal.get(`/cas-2027/submissions/${paper.ref}`, { as: author })).form('title');
    await portal.post(`/cas-2027/submissions/${paper.ref}`, form.with({ intent: 'save', title: 'Second title' }), {
      as: author,
    });
    expect((await portal.get(`/cas-2027/papers/${paper.ref}`)).heading).toBe('First title');
  });
});

describe.each(engines)('the programme on %s', (engine) => {
  const refs = (html: string) =>
    [...html.matchAll(/<h2[^>]*><a href="\/cas-2027\/papers\/([^"]*)"/g)].map((match) =>
      decodeURIComponent(decode(match[1]!)),
    );

  async function fill(portal: TestPortal, world: Awaited<ReturnType<typeof makeConference>>, count: number) {
    const lines = Array.from({ length: count }, (_, index) =>
      JSON.stringify({
        ref: `P${String(index).padStart(3, '0')}`,
        title: `Paper ${index} on ${index % 2 ? 'rivers' : 'lakes'}`,
        format: world.formats[index % 2]!.name,
        theme: world.themes[index % 3 ? 0 : 1]!.name,
        authors: [{ name: `Author ${index}` }],
      }),
    );
    await importPapers(portal.ctx, world, lines);
  }

  test('leads through all papers, each once, by links that crawlers follow', async () => {
    const { portal, world } = await setUp({ engine });
    await fill(portal, world, 2 * PAGE_SIZE + 5);
    const seen: string[] = [];
    let path: string | undefined = '/cas-2027/programme';
    let pages = 0;
    while (path) {
      const page = await portal.get(path);
      seen.push(...refs(page.html));
      const inHead = page.elements('link').find(({ rel }) => rel === 'next')?.href;
      const inBody = page.elements('a').find(({ rel }) => rel === 'next')?.href;
      expect(inHead).toBe(inBody);
      path =
        inBody &&
        new URL(inBody, `https://portal.example${path}`).pathname + new URL(inBody, 'https://portal.example').search;
      pages++;
    }
    expect(pages).toBe(3);
    expect(seen).toEqual(Array.from({ length: 2 * PAGE_SIZE + 5 }, (_, index) => `P${String(index).padStart(3, '0')}`));
  });

  test('is filtered by format and theme, and keeps the filter on its way', async () => {
    const { portal, world } = await setUp({ engine });
    await fill(portal, world, 2 * PAGE_SIZE + 8);
    const [talk] = world.formats;
    const [, water] = world.themes;
    const page = await portal.get(`/cas-2027/programme?format=${talk!.id}`);
    const next = page.elements('a').find(({ rel }) => rel === 'next')!.href!;
    expect(next).toContain(`format=${talk!.id}`);
    const all = [...refs(page.html), ...refs((await portal.get(`/cas-2027/programme${next}`)).html)];
    expect(all).toHaveLength(PAGE_SIZE + 4);
    expect(page.form('q').fields).toContainEqual(['format', talk!.id]);
    const both = await portal.get(`/cas-2027/programme?format=${talk!.id}&theme=${water!.id}&q=lakes`);
    expect(refs(both.html)).toEqual(all.filter((_, index) => index % 3 === 0));
    expect((await portal.get(`/cas-2027/programme?format=${talk!.id}&q=rivers`)).text).toContain('No papers match.');
    for (const odd of ['format=x', 'theme=%27', 'format=&theme=', `format=${'y'.repeat(41)}`])
      expect((await portal.get(`/cas-2027/programme?${odd}`)).status).toBe(200);
  });

  test('is searched in titles, abstracts and authors, whatever the case, accents and script', async () => {
    const { portal, world, author } = await setUp({ engine });
    const paper = (title: string, abstract: string, name: string) =>
      makeSubmission(portal.ctx, world, author, { state: 'published', title, abstract, authors: [{ name }] });
    await paper('Façade of the Café', 'Besitz und Maß', 'Zoë Brontë');
    await paper('Каналы Ферганы', 'Вода и граница', 'Айгүл Асанова');
    await paper('中亚的水', '关于河流的研究', '王小明');
    await paper('آب و مرز', 'رودخانه', 'گل‌شت');
    const found = async (q: string) =>
      refs((await portal.get(`/cas-2027/programme?${new URLSearchParams({ q })}`)).html);
    const cases: Record<string, string[]> = {
      'facade CAFE': ['T0001'],
      bronte: ['T0001'],
      'каналы ФЕРГАНЫ': ['T0002'],
      граница: ['T0002'],
      асанова: ['T0002'],
      河流: ['T0003'],
      王小明: ['T0003'],
      رودخانه: ['T0004'],
      T0004: ['T0004'],
      'facade граница': [],
      '" OR 1=1 --': [],
      '*': [],
      'NEAR(a b)': [],
      "'; drop table papers": [],
    };
    for (const [q, expected] of Object.entries(cases)) expect([q, await found(q)]).toEqual([q, expected]);
    const widened = await portal.get('/cas-2027/programme?q=кана');
    expect([refs(widened.html), widened.text.includes('These have words that begin so.')]).toEqual([['T0002'], true]);
    // What was looked for stays in its field, as text.
    const q = '"><script>alert(1)</script>';
    const page = await portal.get(`/cas-2027/programme?${new URLSearchParams({ q })}`);
    expect(page.form('q').fields).toContainEqual(['q', q]);
    expect(page.html).not.toContain('<script>alert');
    expect(metas(page, 'robots')).toEqual(['noindex, follow']);
  });

  test('passes over what makes no sense in its address', async () => {
    const { portal, world } = await setUp({ engine });
    await fill(portal, world, 3);
    for (const odd of [
      'after=x',
      'after=-1',
      'after=1e99',
      'after=',
      'after=1.5',
      'q=%FF',
      'q=%EF%BF%BE',
      'a=b',
      `q=${'x'.repeat(301)}`,
    ]) {
      const page = await portal.get(`/cas-2027/programme?${odd}`);
      expect([odd, page.status]).toEqual([odd, 200]);
    }
    expect((await portal.get('/cas-2027/programme?after=9007199254740991')).text).toContain(
      'There are no further papers.',
    );
  });

  test('knows only the papers of its own conference', async () => {
    const { portal, world, author } = await setUp({ engine });
    const there = await makeConference(portal.ctx, { slug: 'other-2027', name: 'Other' });
    await makeSubmission(portal.ctx, world, author, { state: 'published', title: 'Here' });
    await makeSubmission(portal.ctx, there, author, { state: 'published', title: 'Elsewhere' });
    for (const query of ['', '?q=elsewhere', `?theme=${there.themes[0]!.id}`])
      expect((await portal.get(`/cas-2027/programme${query}`)).text).not.toContain('Elsewhere');
    expect((await portal.get('/other-2027/papers/T0001')).heading).toBe('Elsewhere');
  });
});

describe('the star', () => {
  test('is set and taken away from list and page, by each person for themselves', async () => {
    const { portal, world, author } = await setUp();
    const other = await portal.signIn(await makePerson(portal.ctx, 'Other Reader'));
    const paper = await makeSubmission(portal.ctx, world, author, { state: 'published', title: 'Starred' });
    for (const path of ['/cas-2027/programme?q=starred', `/cas-2027/papers/${paper.ref}`]) {
      const form = (await portal.get(path, { as: author })).form('starred');
      expect(form.html).toContain('aria-pressed="false"');
      expect(form.html).toContain('Add “Starred” to your schedule');
      const set = await portal.post(form.action, form.with({}), { as: author });
      expect([set.status, set.location]).toEqual([303, `${path}#star-${paper.ref}`]);
      expect((await portal.get('/cas-2027/schedule', { as: author })).text).toContain('Starred');
      expect((await portal.get('/cas-2027/schedule', { as: other })).text).toContain('You have starred nothing yet.');
      const pressed = (await portal.get(path, { as: author })).form('starred');
      expect(pressed.html).toContain('aria-pressed="true"');
      await portal.post(pressed.action, pressed.with({}), { as: author });
      expect((await portal.get('/cas-2027/schedule', { as: author })).text).not.toContain('Starred');
    }
  });

  test('twice is once, and on what is not in the programme it is a 404', async () => {
    const { portal, world, author } = await setUp();
    const paper = await makeSubmission(portal.ctx, world, author, { state: 'published' });
    const hidden = await makeSubmission(portal.ctx, world, author, { state: 'accepted' });
    const star = (ref: string) => portal.post(`/cas-2027/papers/${ref}/star`, { starred: '1' }, { as: author });
    expect([(await star(paper.ref)).status, (await star(paper.ref)).status]).toEqual([303, 303]);
    expect(await portal.ctx.db.selectFrom('stars').select('account_id').execute()).toHaveLength(1);
    const missing = await star(hidden.ref);
    expect([missing.status, missing.heading]).toEqual([404, 'There is nothing here']);
    // What is taken out of the programme leaves the schedule.
    await portal.post(`/cas-2027/submissions/${paper.ref}`, { act: 'withdraw' }, { as: author });
    expect((await portal.get('/cas-2027/schedule', { as: author })).text).toContain('You have starred nothing yet.');
  });
});

test('the home page and the conference’s say what there is, and until when', async () => {
  const portal = await openPortal();
  expect((await portal.get('/')).text).toContain('There is no conference here yet.');
  const world = await makeConference(portal.ctx);
  expect((await portal.get('/')).text).toMatch(/Central Asia 2027 2\s?–\s?5 June 2027/);
  const page = () => portal.get('/cas-2027');
  expect((await page()).text).toContain('Submissions are open until 1 February 2027 at 23:59 GMT+5.');
  expect((await page()).text).toContain('Talk: up to 60 words');
  portal.ctx.clock.set('2027-02-02T00:00:00.000Z');
  expect((await page()).text).toContain('Submissions closed on 1 February 2027 at 23:59 GMT+5.');
  portal.ctx.clock.set('2026-11-01T00:00:00.000Z');
  expect((await page()).text).toContain('Submissions open on 1 December 2026 at 05:00 GMT+5.');
  await write(portal.ctx.db, (trx) =>
    trx.updateTable('conferences').set({ closes_at: null, opens_at: null }).where('id', '=', world.id).execute(),
  );
  expect((await page()).text).toContain('Submissions are open.');
});

test('health tells load balancers the truth', async () => {
  const portal = await openPortal();
  const well = await portal.get('/health');
  expect([well.status, well.html]).toEqual([200, '{"status":"ok"}']);
  await portal.ctx.db.destroy();
  expect((await portal.get('/health')).status).toBe(503);
});
