import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '#db/open';
import { engines, openTestDatabase } from '../support/database';
import { colloquy, tempDir } from './support';

const LINES = Array.from({ length: 5 }, (_, index) =>
  JSON.stringify({
    ref: `A${index}`,
    title: `Title ${index}\u2028end`,
    authors: [{ name: 'Ann', email: 'ann@example.org' }],
  }),
);
const TEXT = LINES.join('\n');

describe.each(engines)('colloquy import on %s', (engine) => {
  async function portal() {
    const database = await openTestDatabase(engine);
    const env = { DATABASE_URL: database.url };
    await colloquy(env, ['conference', 'create', '--slug', 'conf', '--name', 'Conf']);
    return { env, dir: await tempDir(), close: database.close };
  }

  it('reads plain and gzipped files and standard input', async () => {
    const { env, dir, close } = await portal();
    await writeFile(join(dir, 'a.jsonl'), TEXT);
    // The name does not say so.
    await writeFile(join(dir, 'b.jsonl'), gzipSync(TEXT));
    const url = 'http://localhost:3000/conf/programme';
    const plain = await colloquy(env, ['import', '--conference', 'conf', join(dir, 'a.jsonl')]);
    expect(plain).toEqual({ exitCode: 0, stdout: `5 papers added: ${url}\n`, stderr: '' });
    const again = {
      exitCode: 0,
      stdout: `0 papers added, 5 papers there before and left as they are: ${url}\n`,
      stderr: '',
    };
    expect(await colloquy(env, ['import', '--conference', 'conf', join(dir, 'b.jsonl')])).toEqual(again);
    const bytes = [...gzipSync(`${TEXT}\n\n`)].map((byte) => Buffer.from([byte]));
    expect(await colloquy(env, ['import', '--conference', 'conf', '-'], { stdin: Readable.from(bytes) })).toEqual(
      again,
    );
    const relative = await colloquy({ ...env, INIT_CWD: dir }, ['import', '--conference', 'conf', 'a.jsonl']);
    expect(relative).toEqual(again);
    await close();
  });

  it('names every bad line and lets the rest in', async () => {
    const { env, dir, close } = await portal();
    const file = join(dir, 'bad.jsonl');
    const huge = Buffer.alloc(30_000_000, 0x78);
    const lines = [
      LINES[0]!,
      '{"ref": "ann@example.org"',
      huge,
      LINES[1]!,
      LINES[0]!,
      JSON.stringify({ ref: 'E', authors: [{ name: 'E', email: 'ann@' }] }),
    ];
    await writeFile(file, Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\r\n')])));
    const { exitCode, stdout, stderr } = await colloquy(env, ['import', '--conference', 'conf', file]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^3 papers added, 3 lines left out: /);
    expect(stderr.split('\n')).toEqual([
      'line 6: warning: authors[0].email: not a mail address that the portal can write to; left out',
      'line 2: left out: not valid JSON',
      'line 3: left out: longer than 5 MB',
      'line 5: left out: has the same ref as line 1',
      '',
    ]);
    await close();
  });

  it('says what it cannot read, in one line', async () => {
    const { env, dir, close } = await portal();
    const into = (...args: string[]) => colloquy(env, ['import', '--conference', ...args]);
    expect(await into('nowhere', join(dir, 'x'))).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^There is no such conference.*\n$/),
    });
    expect(await into('conf', join(dir, 'x'))).toMatchObject({
      exitCode: 1,
      stderr: 'The file cannot be read: there is no such file.\n',
    });
    await mkdir(join(dir, 'sub'));
    expect(await into('conf', join(dir, 'sub'))).toMatchObject({
      exitCode: 1,
      stderr: 'The file cannot be read: it is a directory.\n',
    });
    const whole = gzipSync(
      Array.from({ length: 2_000 }, (_, index) =>
        JSON.stringify({ ref: `Z${index}`, title: `${Math.sin(index)}` }),
      ).join('\n'),
    );
    await writeFile(join(dir, 'cut.gz'), whole.subarray(0, whole.length / 2));
    const cut = await into('conf', join(dir, 'cut.gz'));
    expect(cut).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^The file cannot be read: it ends in the middle\. What was read .*\n$/),
    });
    expect(cut.stdout).toMatch(/^(\d{3}|1,\d{3}) papers added/);
    // Its checksum is wrong.
    await writeFile(join(dir, 'broken.gz'), Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8, 7)]));
    expect(await into('conf', join(dir, 'broken.gz'))).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/it is damaged/),
    });
    await close();
  });

  it('shows a bar on a terminal', async () => {
    const { env, dir, close } = await portal();
    await writeFile(join(dir, 'a.jsonl'), TEXT);
    const { stdout, stderr } = await colloquy(env, ['import', '--conference', 'conf', join(dir, 'a.jsonl')], {
      isTTY: true,
    });
    expect(stderr).toMatch(/Importing .*100%/);
    expect(stdout).toMatch(/^5 papers added/);
    await close();
  });

  it('keeps what belongs into a line there', async () => {
    const { env, dir, close } = await portal();
    await writeFile(join(dir, 'a.jsonl'), TEXT);
    await colloquy(env, ['import', '--conference', 'conf', join(dir, 'a.jsonl')]);
    const db = openDatabase(env.DATABASE_URL);
    const titles = await db.selectFrom('submission_versions').select('title').orderBy('title').execute();
    await db.destroy();
    expect(titles.map(({ title }) => title)).toEqual([0, 1, 2, 3, 4].map((index) => `Title ${index} end`));
    await close();
  });
});
