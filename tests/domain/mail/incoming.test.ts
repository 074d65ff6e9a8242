import { describe, expect, test } from 'vitest';
import { openIncoming } from '~/domain/mail/inbound/incoming.server';
import { collected, opened } from '../../support/incoming';
import { arrive, conversation, openRelay, outcomes, replyTo, sentLetters } from '../../support/relay';

async function answered(parts: { headers?: Record<string, string>; body: string; raw?: string | Buffer }) {
  const { ctx, author } = await openRelay();
  const answers = await arrive(ctx, { from: author.address, to: await replyTo(ctx, author.address), ...parts });
  const said = await conversation(ctx);
  return { ctx, code: answers[0]!.code, answer: answers[0]!.text, said: said.length > 1 ? said.at(-1)![1] : null };
}

function multipart(type: string, ...parts: string[]) {
  return {
    headers: { 'MIME-Version': '1.0', 'Content-Type': `multipart/${type}; boundary=b` },
    body: `${parts.map((part) => `--b\n${part}\n`).join('')}--b--\n`,
  };
}
const TEXT = 'Content-Type: text/plain; charset=utf-8\n\nIn Tashkent.';

describe('hostile and odd mail', () => {
  test('relay 50: 2,000 nested multiparts are refused', async () => {
    const body = Array.from(
      { length: 2_000 },
      (_, depth) => `--b${depth}\nContent-Type: multipart/mixed; boundary=b${depth + 1}\n\n`,
    ).join('');
    const headers = { 'Content-Type': 'multipart/mixed; boundary=b0' };
    expect((await answered({ headers, body })).code).toBe(554);
  });

  test('relay 51: 20,000 parts are refused', async () => {
    const headers = { 'Content-Type': 'multipart/mixed; boundary=b' };
    expect((await answered({ headers, body: '--b\n\n\n'.repeat(20_000) })).code).toBe(554);
    expect(await collected(Buffer.alloc(37 * 1024 * 1024, 'words\n'))).toBe('too-big');
  });

  test('relay 52: HTML alone becomes safe text', async () => {
    const body =
      '<p>In <b>Tashkent</b>&nbsp;&lt;3</p><script>alert(1)</script><img src="https://x.example/p.gif"><a href="https://y.example">here</a>';
    const { said } = await answered({ headers: { 'Content-Type': 'text/html' }, body });
    expect(said).toBe('In Tashkent <3\n\nhere (https://y.example)');
  });

  test('relay 53: of text and HTML that differ the text is used', async () => {
    const mail = multipart('alternative', TEXT, 'Content-Type: text/html\n\n<p>Elsewhere</p>');
    expect((await answered(mail)).said).toBe('In Tashkent.');
  });

  test.each([
    ['relay 54: a mail', 'Content-Type: message/rfc822\n\nFrom: x@secret.example\nSubject: s\n\nhidden'],
    [
      'relay 55: a calendar',
      'Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nORGANIZER:mailto:x@secret.example\nEND:VCALENDAR',
    ],
    ['relay 55: a card', 'Content-Type: text/vcard\n\nBEGIN:VCARD\nEMAIL:x@secret.example\nEND:VCARD'],
    [
      'relay 56: winmail.dat',
      'Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\nAAAA',
    ],
  ])('%s is dropped, and its writer told', async (_name, part) => {
    const { ctx, said } = await answered(multipart('mixed', TEXT, part));
    expect(said).toBe('In Tashkent.');
    const [notice, relayed] = await sentLetters(ctx);
    expect([notice!.kind, notice!.text.includes('attachments were not')]).toEqual(['reply-notice', true]);
    expect(relayed!.text + relayed!.html).not.toContain('secret.example');
  });

  test.each(['signed; protocol="application/pgp-signature"', 'encrypted; protocol="application/pgp-encrypted"'])(
    'relay 57: multipart/%s is refused and told why',
    async (type) => {
      const { code, answer, said } = await answered(multipart(type, TEXT));
      expect([code, answer.includes('plain text'), said]).toEqual([554, true, null]);
    },
  );

  test('relay 58: a missing last boundary breaks nothing', async () => {
    const mail = multipart('mixed', TEXT);
    expect((await answered({ ...mail, body: mail.body.replace('--b--', '') })).said).toBe('In Tashkent.');
  });

  test('relay 59: nor do an unknown charset and broken Base64', async () => {
    for (const headers of <Record<string, string>[]>[
      { 'Content-Type': 'text/plain; charset=x-nonsense' },
      { 'Content-Transfer-Encoding': 'base64' },
      { 'Content-Transfer-Encoding': 'x-nonsense', 'Content-Type': 'garbage' },
    ])
      expect((await answered({ headers, body: 'In Tash=ZZkent!!' })).code).toBe(250);
  });

  test('relay 60: 20 KB of line ends are nothing much', async () => {
    const { ctx, code } = await answered({ body: `Hi${'\n'.repeat(20_000)}there${' \n>'.repeat(4_000)}` });
    expect(code).toBe(250);
    expect(await outcomes(ctx)).toHaveLength(1);
  });

  test.each([
    ['lines', `From: a@b.example\r\n\r\n${'\n'.repeat(60_000)}`],
    ['headers', `From: ${'a:'.repeat(50_000)}\r\n\r\nhi`],
    // Each with another length of the body to be hashed.
    ['signatures', `${Array.from({ length: 50 }, (_, l) => `dkim-signature : v=1; l=${l}`).join('\r\n')}\r\n\r\nhi`],
  ])('more %s than a person writes are refused before they take time', async (_what, raw) => {
    const mail = await collected(Buffer.from(raw));
    expect(typeof mail === 'string' ? mail : openIncoming(mail, 'mail.portal.example')).toEqual(
      typeof mail === 'string' ? 'too-complex' : null,
    );
  });

  test('relay 65: an encoded word that hides an address makes none', async () => {
    const raw = Buffer.from('From: =?utf-8?q?evil=40x.example=3E?= <jane@a.example>\r\nTo: r\r\n\r\nx');
    expect(opened(raw).from).toEqual(['jane@a.example']);
  });

  test('relay 66: an unpaired surrogate and an emoji at a fold come out as valid text', async () => {
    const { said } = await answered({
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': 'quoted-printable' },
      body: 'A =F0=9F=\n=90=91 and the end',
    });
    expect(said).toBe('A 🐑 and the end');
  });

  test('relay 66: what is no character of any kind is asked about, as valid text', async () => {
    const { ctx } = await answered({
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': 'quoted-printable' },
      body: 'A =ED=A0=80 end',
    });
    expect(await outcomes(ctx)).toEqual(['held garbled']);
    const [held] = await ctx.db.selectFrom('replies').select('body').execute();
    expect([held!.body.startsWith('A '), held!.body.isWellFormed()]).toEqual([true, true]);
  });

  test.each([
    ['relay 73', 'Received', 'from leak.example by mx'],
    ['relay 73', 'X-Originating-IP', '[203.0.113.99]'],
    ['relay 73', 'User-Agent', 'Mailer/1 leak.example'],
    ['relay 74', 'Message-ID', '<1@leak.example>'],
    ['relay 76', 'Autocrypt', 'addr=leak.example; keydata=leak.example'],
    ['relay 77', 'X-Tracker', 'https://leak.example/pixel.gif'],
  ])('%s: %s of the original does not go on', async (_name, header, value) => {
    const { ctx, author, reader } = await openRelay();
    const to = await replyTo(ctx, author.address);
    const mail = multipart(
      'mixed',
      'Content-Type: text/html\n\n<p>In Tashkent.</p><img src="https://leak.example/pixel.gif">',
      'Content-Type: application/pgp-keys\n\nleak.example',
    );
    await arrive(ctx, { from: author.address, to, body: mail.body, headers: { ...mail.headers, [header]: value } });
    expect(await outcomes(ctx)).toEqual(['relayed']);
    const relayed = (await sentLetters(ctx)).find(({ kind }) => kind === 'relayed-message')!;
    expect([relayed.address, relayed.text.includes('In Tashkent.')]).toEqual([reader.address, true]);
    expect(JSON.stringify(relayed)).not.toMatch(/leak\.example|203\.0\.113\.99/);
  });

  test('relay 75: the name is the one in the conversation, not the mail program’s; relay 67: nor is the quote there', async () => {
    const { ctx, author, reader } = await openRelay();
    await arrive(ctx, {
      from: `"Not My Profile Name" <${author.address}>`,
      to: await replyTo(ctx, author.address),
      body: `In Tashkent.\n\nOn Fri, Jan 15, 2027 at 10:00 AM Rano Reader <${reader.address}> wrote:\n> Which archive holds the letters?`,
    });
    expect(await outcomes(ctx)).toEqual(['relayed']);
    const [relayed] = await sentLetters(ctx);
    const everything = JSON.stringify({ ...relayed, address: '' });
    for (const secret of [author.address, reader.address, 'Not My Profile']) expect(everything).not.toContain(secret);
    expect(relayed!.from_name).toBe('Aigul Author via Central Asia 2027');
  });

  test('relay 72: the writer’s own address is held, and goes with their consent alone', async () => {
    const { ctx, author } = await openRelay();
    await arrive(ctx, {
      from: author.address,
      to: await replyTo(ctx, author.address),
      body: `In Tashkent; write to ${author.address}`,
    });
    expect(await outcomes(ctx)).toEqual(['held address']);
  });
});
