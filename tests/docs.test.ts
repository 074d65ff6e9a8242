import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { LIMITS, MAX_UNANSWERED } from '~/domain/account/limits.server';
import { DAY, HOUR, MINUTE } from '~/domain/clock';
import { MOST_BODY } from '~/domain/message/schema';
import { MAX_SUBMISSIONS } from '~/domain/submission/commands.server';
import { MOST_AUTHORS, MOST_KEYWORDS } from '~/domain/submission/schema';
import { MOST_WATCHERS_OF_ONE } from '~/http/news.server';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const names = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1]!).sort();

test('the README and .env.example name every setting', () => {
  const settings = names(read('app/config.server.ts'), /^ {2}([A-Z_]+):/gm);
  expect(settings).toContain('DATABASE_URL');
  expect(names(read('README.md'), /^\| `([A-Z_]+)` +\|/gm)).toEqual(settings);
  expect(names(read('.env.example'), /^([A-Z_]+)=/gm)).toEqual(settings);
});

/** How the row begins that tells each limit. */
const ROWS: Record<keyof typeof LIMITS, string> = {
  signInMail: 'Mails with a link',
  signInMailSpelt: 'Such mails beyond that',
  signInMailFrom: 'Such mails asked for from one network',
  signInMailAnywhere: 'Such mails in the whole portal',
  keptFrom: 'Forms kept',
  password: 'Wrong passwords for one address from one network',
  passwordAnywhere: 'Passwords tried for one address from all networks',
  passwordKnown: 'Wrong passwords in a browser that has signed in',
  passwordAgain: 'Wrong passwords where the account page asks',
  passwordChange: 'New passwords tried by one person',
  passkeyFrom: 'Passkeys asked for from one network',
  passwordFrom: 'Passwords tried from one network',
  message: 'First messages by one person',
  answer: 'Answers by one person',
  heldReply: 'Answers by mail that are held',
  messageTo: 'First messages to one person',
  messageFrom: 'First messages on the web from one network',
  messageAt: 'First messages on the web from one network',
  messageAnywhere: 'First messages on the web from one network',
  authorAsked: 'Mails that ask one person',
  authorAskedByOne: 'Mails that ask one person',
  authorAskedBy: 'Such mails caused by one account',
  authorAskedFrom: 'Such mails caused from one network',
  bylineAddress: 'Addresses that are new to one byline',
  report: 'Reports of messages',
  proof: 'Uses of one proof of work',
};
const WINDOWS: Record<number, string> = { [DAY]: 'a day', [HOUR]: 'an hour', [15 * MINUTE]: 'in 15 minutes' };

function limitTold(row: string): string {
  const told = read('README.md').split('## Limits')[1]!.split('\n## ')[0]!;
  return (
    told
      .split('\n')
      .find((line) => line.startsWith(`| ${row}`))
      ?.split('|')[2] ?? ''
  );
}

test.each(Object.entries(LIMITS))('the README tells the limit %s', (name, { most, window }) => {
  const told = limitTold(ROWS[name as keyof typeof LIMITS]);
  expect(told).toMatch(new RegExp(`(?<![\\d,])${most.toLocaleString('en')}(?!,?\\d)`));
  // A proof ends before its count does.
  if (name !== 'proof') expect(told).toContain(WINDOWS[window]);
});

test('the README tells what one person may have at most', () => {
  expect(limitTold('First messages by one person')).toContain(`; ${MAX_UNANSWERED} `);
  expect(limitTold('Submissions that one person enters')).toContain(` ${MAX_SUBMISSIONS} `);
  expect(limitTold('Open conversations of one person')).toContain(` ${MOST_WATCHERS_OF_ONE} `);
});

test('the README tells the limits of forms', () => {
  expect(limitTold('A form that is sent')).toContain(`${mostBodyKilobytes()} KB`);
  expect(limitTold('Authors, keywords')).toContain(`${MOST_AUTHORS}, ${MOST_KEYWORDS}`);
  expect(limitTold('A message')).toContain(`${MOST_BODY.toLocaleString('en')} of text`);
});

function mostBodyKilobytes(): number {
  return Number(read('app/http/body.server.ts').match(/MOST_BODY_BYTES = (\d+) \* 1024;/)?.[1]);
}

test('each runtime dependency has its line among the decisions', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
  const table = read('docs/decisions/runtime-dependencies.md').match(/^\| `.*$/gm) ?? [];
  const explained = table.flatMap((line) => names(line.split('|')[1]!, /`([^`]+)`/g));
  expect(explained.sort()).toEqual(Object.keys(dependencies).sort());
});

test('the lock file names the binaries of every platform', () => {
  type Entry = { optionalDependencies?: Record<string, string> };
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Entry> };
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
    ),
  );
  expect(missing).toEqual([]);
});

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/running.md', 'docs/asvs.md'].concat(
  readdirSync(join(root, 'docs/decisions')).map((name) => `docs/decisions/${name}`),
);

test.each(pages)('the links and file names in %s lead somewhere', (page) => {
  const text = read(page);
  const links = names(text, /\]\((?!https?:)([^)#]+)[^)]*\)/g).map((link) => join(dirname(page), link));
  // Names that stand for a file to be made hold a number or a tag of their own.
  const files = names(text, /`((?:app|bin|db|emails|locales|tests|docs)\/[\w./-]+\.\w+)`/g).filter(
    (file) => !/0002-|\/kk\.json/.test(file),
  );
  const there = (path: string) => path.endsWith('.png') || existsSync(join(root, path));
  expect([...links, ...files].filter((path) => !there(path))).toEqual([]);
});

/** How many requirements of levels 1 and 2 each chapter of ASVS 5.0.0 has. */
const ASVS = {
  1: 27,
  2: 11,
  3: 19,
  4: 10,
  5: 9,
  6: 35,
  7: 18,
  8: 7,
  9: 7,
  10: 29,
  11: 14,
  12: 9,
  13: 13,
  14: 9,
  15: 13,
  16: 16,
  17: 7,
};

test('docs/asvs.md has a line for each requirement of levels 1 and 2, and a reason for each that is not met', () => {
  const lines = [
    ...read('docs/asvs.md').matchAll(/^\| (\d+)\.(\d+)\.(\d+) +\| ([12]) +\| ([a-z ]+?) +\| (.*?) +\|$/gm),
  ];
  const numbers = lines.map(([, chapter, section, number]) => `${chapter}.${section}.${number}`);
  expect(new Set(numbers).size).toBe(numbers.length);
  const counted = Object.keys(ASVS).map((chapter) => lines.filter((line) => line[1] === chapter).length);
  expect(counted).toEqual(Object.values(ASVS));
  expect([1, 2].map((level) => lines.filter((line) => line[4] === String(level)).length)).toEqual([70, 183]);
  for (const [line, , , , , state, how] of lines) {
    expect([line, state]).toEqual([line, expect.stringMatching(/^(met|open|not applicable)$/)]);
    expect([line, how!.length > (state === 'open' ? 60 : 3)]).toEqual([line, true]);
  }
});
