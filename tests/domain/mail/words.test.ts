import { describe, expect, test } from 'vitest';
import { nature } from '~/domain/mail/automatic';
import { holdsAnyAddress } from '~/domain/mail/gate';
import type { OurLetters } from '~/domain/mail/inbound/ours';
import { LINKS, NO_LETTERS, opened, typedOf } from '../../support/incoming';
import { arrive, conversation, openRelay, outcomes, replyTo, sentLetters } from '../../support/relay';

const ASKED = 'Which archive holds the letters that you quote?';
const LETTERS: OurLetters = {
  ...NO_LETTERS,
  frames: ['Rano Reader writes to you about your paper T0001, “Water”, of Central Asia 2027:', 'Answer on the portal:'],
  bodies: [ASKED],
  senders: ['Rano Reader via Central Asia 2027'],
  people: ['Rano Reader', 'Aigul Author'],
  subjects: ['[T0001] Your sources'],
};
const HISTORY = `On Thu, 26 Nov 2026 at 10:05, Rano Reader via Central Asia 2027 <r-1@x> wrote:\n> ${LETTERS.frames[0]}\n>\n> | ${ASKED}`;

function mail(body: string | Buffer, type = 'text/plain; charset=utf-8', encoding = '8bit'): Buffer {
  const head = `From: a@people.example\r\nTo: r@x\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

async function said(body: string | Buffer, type?: string, encoding?: string): Promise<string> {
  return (await typedOf(mail(body, type, encoding), LETTERS))!.text;
}

describe('words stay', () => {
  test.each([
    ['96: after a greeting', 'In Tashkent.\n\nBest wishes,\nAigul\n\nP.S. And one in Almaty.\n\nCheers,\nA.'],
    ['96: after a French one', 'À Tachkent.\n\nCordialement,\nAigul\n\nUn mot encore : la cote est 17.'],
    ['97: after lines of dashes', 'One\n---\nTwo\n====\nThree\n____\nFour\n--\nFive\n-------\nSix'],
    [
      '98: what looks like an attribution',
      'On p. 17 of the diary the surveyor wrote:\n"No water."\nMüller schrieb:\nEr a écrit :\nescribió:\n他写道：\nso.',
    ],
    [
      '99: what looks like headers',
      'From: the State Archive [TsGA RUz]\nSent from my desk in 1912: I saw it.\nTo: whom it concerns\nSubject: water',
    ],
    ['101: one’s own quotation', 'As the keeper says:\n> No box is lost.\n> None.\nSo it is there.'],
    ['a sentence that is taken up, unquoted', `You ask: ${ASKED}\n\n${ASKED}\n\nIn Tashkent.`],
  ])('relay %s', async (_case, words) => {
    expect(await said(words)).toBe(words);
    expect(await said(`${words}\n\n${HISTORY}`)).toBe(words);
  });

  test('what somebody says again, in the words of the subject, is nobody’s attribution', async () => {
    const again = {
      ...LETTERS,
      subjects: ['Boxes'],
      bodies: ['They lie in two boxes.\n\nOn Friday somebody wrote:\nWhere?'],
    };
    const words = 'They lie in two boxes.\n\nOn Friday somebody wrote:';
    expect((await typedOf(mail(`${words}\n> Where?`), again))!.text).toBe(words);
  });

  test('relay 100: a paragraph of 6,000 characters on one line, however it is sent', async () => {
    for (const word of ['letter ', '信'])
      for (const [type, encoding] of [
        ['text/plain', '8bit'],
        ['text/plain; format=flowed', '8bit'],
        ['text/html', '8bit'],
        ['text/plain', 'base64'],
      ] as const) {
        const long = word.repeat(6_000 / word.length).trim();
        const body =
          encoding === 'base64'
            ? Buffer.from(long)
                .toString('base64')
                .replace(/(.{76})/g, '$1\r\n')
            : long;
        expect(await said(body, `${type}; charset=utf-8`, encoding)).toBe(long);
      }
  });

  test('relay 101, 102: answers within a quotation, and between our sentences', async () => {
    const within = `On 26 Nov 2026, Rano Reader via Central Asia 2027 wrote:\n> ${LETTERS.frames[0]}\n> ${ASKED}\n> In Tashkent, box 12.\nYes.`;
    expect(await said(within)).toBe('> In Tashkent, box 12.\nYes.');
    const html = `<div><b>From:</b> Rano Reader via Central Asia 2027<br><b>Sent:</b> Thursday<br><b>Subject:</b> [T0001] Your sources</div><p>${LETTERS.frames[0]}</p><p>Thank you for it.</p><p>${ASKED}</p><p>In Tashkent.</p>`;
    expect(await said(html, 'text/html')).toBe('Thank you for it.\n\nIn Tashkent.');
    const indent = `<blockquote style="margin:0 0 0 40px;border:none;padding:0">My own indented words.</blockquote><p>And more.</p>`;
    expect(await said(indent, 'text/html')).toBe('> My own indented words.\n\nAnd more.');
  });

  test('relay 103: a quoted line that ends with a blank is not joined to the answer', async () => {
    const body = `> ${ASKED} \nIn Tashkent, where the \nriver ends.`;
    expect(await said(body, 'text/plain; format=flowed')).toBe('In Tashkent, where the river ends.');
  });

  test('relay 104: HTML alone is readable text', async () => {
    const body =
      '<h2>Sources</h2><p>See <a href="https://archive.example/17">the list</a>.</p><ul><li>One</li><li>Two</li></ul><img src="data:image/png;base64,AAAA"><p>The End</p>';
    expect(await said(body, 'text/html')).toBe(
      'Sources\n\nSee the list (https://archive.example/17).\n\n• One\n• Two\n\nThe End',
    );
  });

  test('relay 108: a stub of text beside full HTML gives way to it', async () => {
    const parts = [
      'Content-Type: text/plain\r\n\r\nYour mail program shows no HTML.',
      `Content-Type: text/html\r\n\r\n<p>${'In Tashkent, in the State Archive, fund 17. '.repeat(3)}</p>`,
    ];
    const body = `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`;
    expect(await said(body, 'multipart/alternative; boundary=b')).toMatch(/^In Tashkent, in the State Archive/);
  });

  test('relay 109: of a mail with a photo of 10 MB the lines arrive, and its writer is told of the photo', async () => {
    const { ctx, author } = await openRelay();
    const photo = Buffer.alloc(10 * 1024 * 1024, 7)
      .toString('base64')
      .replace(/(.{76})/g, '$1\r\n');
    const parts = [
      'Content-Type: text/plain\r\n\r\nHere is the ferry.\r\nIt is of 1912.',
      `Content-Type: image/jpeg; name=ferry.jpg\r\nContent-Disposition: attachment; filename=ferry.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n${photo}`,
    ];
    const headers = { 'MIME-Version': '1.0', 'Content-Type': 'multipart/mixed; boundary=b' };
    const body = `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`;
    await arrive(ctx, { from: author.address, to: await replyTo(ctx, author.address), headers, body });
    expect((await conversation(ctx)).at(-1)![1]).toBe('Here is the ferry.\nIt is of 1912.');
    expect((await sentLetters(ctx)).map(({ kind }) => kind)).toContain('reply-notice');
    const message = await ctx.db.selectFrom('messages').select('left_out').orderBy('id', 'desc').executeTakeFirst();
    expect(message!.left_out).toBe('ferry.jpg');
  });

  test('relay 112: a signature is left out, and its writer sees it', async () => {
    const typed = (await typedOf(mail('In Tashkent.\n\n-- \nAigul Author\nNational University'), LETTERS))!;
    expect(typed).toMatchObject({ text: 'In Tashkent.', leftOut: '--\nAigul Author\nNational University' });
  });
});

describe('relay 107: letters of all kinds', () => {
  const words = 'Письма лежат в Ташкенте.';
  const encoded = (hex: string) => Buffer.from(hex, 'hex');
  test.each([
    ['UTF-8 called us-ascii', Buffer.from(words), 'us-ascii', words],
    ['UTF-8 called latin1', Buffer.from(words), 'iso-8859-1', words],
    ['UTF-8 called nothing', Buffer.from(words), '', words],
    ['win-1251', encoded('cff0e8e2e5f2'), 'windows-1251', 'Привет'],
    ['koi8-r', encoded('f0d2c9d7c5d4'), 'koi8-r', 'Привет'],
    ['utf-7', Buffer.from('Tashkent +IBM- box 12'), 'utf-7', 'Tashkent – box 12'],
    ['hz-gb-2312', Buffer.from('~{VPND~} ok'), 'hz-gb-2312', '中文 ok'],
    ['iso-2022-kr', Buffer.from('\x1b$)C\x0eGQ1[\x0f ok', 'latin1'), 'iso-2022-kr', '한글 ok'],
    ['iso-2022-jp', Buffer.from('\x1b$B4A;z\x1b(B ok', 'latin1'), 'iso-2022-jp', '漢字 ok'],
    ['ptcp154', encoded('cff0e8e2e5f2'), 'ptcp154', 'Привет'],
  ])('%s', async (_name, bytes, charset, text) => {
    const typed = (await typedOf(mail(bytes, charset ? `text/plain; charset=${charset}` : 'text/plain')))!;
    expect(typed).toMatchObject({ text, garbled: false });
  });

  test('a charset that HTML alone names', async () => {
    const page = Buffer.concat([Buffer.from('<meta charset="windows-1251"><p>'), encoded('cff0e8e2e5f2')]);
    expect(await said(page, 'text/html')).toBe('Привет');
  });

  test('what nobody can know is asked about', async () => {
    for (const [bytes, type] of [
      [encoded('cff0e8e2e5f2'), 'text/plain'],
      [encoded('cff0e8e2e5f2'), 'text/plain; charset=utf-8'],
      [encoded('cff0e8'), 'text/plain; charset=x-nonsense'],
    ] as const)
      expect((await typedOf(mail(bytes, type)))!.garbled).toBe(true);
  });
});

test.each([
  ['x-autogenerated: yes'],
  ['X-Mail-Autoreply: 1'],
  ['X-FC-MachineGenerated: true'],
  ['Delivered-To: Autoresponder'],
])('%s is a program’s', (header) => {
  const read = opened(`From: a@people.example\r\n${header}\r\n\r\nI am away.`);
  expect(nature({ ...read, returnPath: 'a@people.example' })).toBe('automatic');
});

test('relay 110: a proven participant by way of a list is relayed', async () => {
  const { ctx, author } = await openRelay();
  const headers = { 'List-Id': '<staff.people.example>', Precedence: 'list' };
  await arrive(ctx, { from: author.address, to: await replyTo(ctx, author.address), headers });
  expect(await outcomes(ctx)).toEqual(['relayed']);
});

test.each([
  'It is at doi.org/10.1000/182 now.',
  'I put it up at academia.edu last year.',
  'See the map at vol.II, p. 17.',
  'I am @aigul@social.example there.',
  'The ferry left at 9.am then.',
])('relay 111: no address in %j', (words) => {
  expect(holdsAnyAddress(words)).toBe(false);
});

describe('relay 113: what of the portal acts for somebody', () => {
  const token = 'r-1ucm8mat5v0ksjiqkgb5q9lbtl';
  const id = '01a228e8-2c44-7107-b6db-b1042f851e9e';
  const link = `https://portal.example/letters/${id}.${id}.bwxJmASSAeclcermFFmuvw`;
  test.each([
    ['a reply address', `Write to ${token}@mail.portal.example again.`, 'Write to […] again.'],
    ['a control link', `Leave by <${link}>.`, 'Leave by <[…]>.'],
    [
      'one that a filter has rewritten',
      `https://safe.example/?url=${encodeURIComponent(link)}&x=1 it says`,
      '[…] it says',
    ],
  ])('%s is taken out', async (_name, words, text) => {
    expect(await said(words)).toBe(text);
  });

  test.each([
    ['in Base64', Buffer.from(`see ${link} there`).toString('base64')],
    ['letter by letter', [...token].join(' ')],
    ['the token alone', token],
    ['as HTML', link.replaceAll('/', '&#47;')],
  ])('%s it is known', (_name, words) => {
    expect(LINKS.held(words)).toBe(true);
  });

  test('a link to a paper is nobody’s secret', async () => {
    const words = 'https://portal.example/cas-2027/papers/T0125\n\nis the one.';
    expect(await said(words)).toBe(words);
    expect(LINKS.held(words)).toBe(false);
  });
});
