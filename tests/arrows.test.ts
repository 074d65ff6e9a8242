import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import cruiser from '../.dependency-cruiser.mjs';

/** One wrong import for each rule: file, what it imports, the rule that must notice. */
const PLANTED: [file: string, imports: string, rule: string][] = [
  ['app/domain/conference/a.ts', './a', 'no-circles'],
  ['db/web.ts', '~/domain/clock', 'db-and-emails-know-nothing'],
  ['db/mail.ts', '#emails/mail', 'db-stands-alone'],
  ['app/domain/review/page.ts', '@remix-run/node', 'domain-knows-no-web'],
  ['app/ui/list.tsx', '~/domain/programme/queries.server', 'ui-knows-no-database'],
  ['app/ui/answer.tsx', '~/http/answer', 'ui-knows-no-web'],
  ['app/auth/look.ts', '~/ui/translate', 'auth-knows-no-screens'],
  ['app/http/screen.ts', '~/routes/public/home', 'routes-are-roots'],
  ['app/routes/store.ts', '#db/write', 'routes-write-nothing'],
  ['app/routes/session.ts', 'lucia', 'only-auth-knows-lucia'],
  ['app/routes/send.ts', 'nodemailer', 'only-transport-knows-nodemailer'],
  ['app/domain/mail/reader.ts', '../account/viewer', 'mail-is-a-leaf'],
  ['app/domain/account/rooms.ts', '../conference/queries.server', 'account-is-below'],
  ['app/domain/conference/papers.ts', '../submission/queries.server', 'conference-is-below'],
  ['app/domain/submission/scores.ts', '../review/queries.server', 'submission-is-below'],
  ['app/domain/review/letters.ts', '../message/queries.server', 'review-beside'],
  ['app/domain/message/list.ts', '../programme/queries.server', 'message-beside'],
  ['app/domain/message/reports.ts', '../conduct/queries.server', 'conduct-is-above'],
  ['app/domain/message/yes.ts', '../authorship/queries.server', 'authorship-is-above'],
  ['app/domain/programme/scores.ts', '../review/queries.server', 'programme-beside'],
  ['app/http/race.ts', 'fast-check', 'no-dev-in-production'],
  ['app/http/lost.ts', './not-there', 'no-unresolved'],
];

/** What the planted files import of ours; empty modules of the same names. */
const OURS = [
  'app/domain/account/viewer.ts',
  'app/domain/authorship/queries.server.ts',
  'app/domain/clock.ts',
  'app/domain/conduct/queries.server.ts',
  'app/domain/conference/queries.server.ts',
  'app/domain/message/queries.server.ts',
  'app/domain/programme/queries.server.ts',
  'app/domain/review/queries.server.ts',
  'app/domain/submission/queries.server.ts',
  'app/http/answer.ts',
  'app/routes/public/home.tsx',
  'app/ui/translate.tsx',
  'db/write.ts',
  'emails/mail.ts',
];

const ROOT = resolve(import.meta.dirname, '..');

test('each arrow of the house notices the import that goes against it', async () => {
  expect(cruiser.forbidden.map((rule) => rule.name).sort()).toEqual([
    ...new Set(PLANTED.map(([, , rule]) => rule).sort()),
  ]);
  const noticed = await cruise(await plant());
  expect(noticed.sort()).toEqual(PLANTED.map(([file, , rule]) => `${rule}: ${file}`).sort());
});

async function plant(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'colloquy-arrows-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  for (const name of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json'])
    await cp(join(ROOT, name), join(dir, name));
  await symlink(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
  for (const file of OURS) await put(join(dir, file), 'export const it = 1;\n');
  for (const [file, imports] of PLANTED)
    await put(join(dir, file), `import * as it from '${imports}';\nexport { it };\n`);
  return dir;
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function cruise(dir: string): Promise<string[]> {
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const options = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json'];
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...options, 'app', 'db', 'emails'], {
    cwd: dir,
  }).catch((failed: { stdout: string }) => failed);
  const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  return summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`);
}
