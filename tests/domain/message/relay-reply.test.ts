import { describe, expect, test } from 'vitest';
import { DAY } from '~/domain/clock';
import { rawMail } from '~/domain/mail/inbound/raw-mail.server';
import { replyAddress } from '~/domain/mail/own-address.server';
import { releaseReply } from '~/domain/message/held-replies.server';
import { acceptsRecipient, receive } from '~/domain/message/receive.server';
import { engines } from '../../support/database';
import { dump } from '../../support/dump';
import {
  arrive,
  BAD_IP,
  conversation,
  GOOD_IP,
  openRelay,
  outcomes,
  replyTo,
  revoke,
  sentLetters,
} from '../../support/relay';

const codes = (answers: { code: number }[]) => answers.map(({ code }) => code);

describe.each(engines)('answers by mail on %s', (engine) => {
  test('relay 15: a valid reply is relayed once, from the portal, to the other side', async () => {
    const { ctx, author, reader } = await openRelay(engine);
    const to = await replyTo(ctx, author.address);
    expect(codes(await arrive(ctx, { from: `Aigul <${author.address}>`, to }))).toEqual([250]);
    expect(await conversation(ctx)).toEqual([
      ['Rano Reader', 'Which archive holds the letters?'],
      ['Aigul Author', 'It is in Tashkent.'],
    ]);
    const [letter] = await sentLetters(ctx);
    expect(letter).toMatchObject({ address: reader.address, from_name: 'Aigul Author via Central Asia 2027' });
    expect(letter!.text).toContain('It is in Tashkent.');
    // And the other way round.
    await arrive(ctx, { from: reader.address, to: await replyTo(ctx, reader.address), body: 'Thank you!' });
    expect((await conversation(ctx)).at(-1)).toEqual(['Rano Reader', 'Thank you!']);
    expect((await sentLetters(ctx))[0]!.address).toBe(author.address);
    expect(await outcomes(ctx)).toEqual(['relayed', 'relayed']);
  });

  test('relay 16: an unknown token is refused at RCPT, and so is any other address', async () => {
    const { ctx } = await openRelay(engine);
    const unknown = replyAddress(ctx.config, '0'.repeat(26));
    for (const address of [
      unknown,
      'r-x@mail.portal.example',
      'postmaster@elsewhere.example',
      'b-1@mail.portal.example',
    ])
      expect((await acceptsRecipient(ctx, address)).code).toBe(550);
    expect(codes(await arrive(ctx, { from: 'a@b.example', to: unknown }))).toEqual([550]);
  });

  test('relay 17: a token in upper case is the same token', async () => {
    const { ctx, author } = await openRelay(engine);
    const to = (await replyTo(ctx, author.address)).toUpperCase();
    expect((await acceptsRecipient(ctx, to)).code).toBe(250);
    await arrive(ctx, { from: author.address, to });
    expect(await outcomes(ctx)).toEqual(['relayed']);
  });

  test('relay 18: a revoked or expired token gets a fixed refusal', async () => {
    const { ctx, author, reader } = await openRelay(engine);
    const to = await replyTo(ctx, author.address);
    ctx.clock.advance(181 * DAY);
    const expired = await arrive(ctx, { from: author.address, to });
    await arrive(ctx, { from: reader.address, to });
    ctx.clock.advance(-181 * DAY);
    await revoke(ctx, to);
    const revoked = await arrive(ctx, { from: author.address, to });
    expect([expired[0]!.code, expired[0]!.text.includes('on the portal')]).toEqual([550, true]);
    expect(revoked).toEqual(expired);
    expect(await conversation(ctx)).toHaveLength(1);
  });

  test('relay 19: a stranger’s From is held; the other side knows nothing, the participant is asked', async () => {
    const { ctx, world, author } = await openRelay(engine);
    const answers = await arrive(ctx, { from: 'mallory@evil.example', to: await replyTo(ctx, author.address) });
    expect(codes(answers)).toEqual([250]);
    expect([await outcomes(ctx), (await conversation(ctx)).length]).toEqual([['held stranger'], 1]);
    const [asked] = await sentLetters(ctx);
    expect(asked).toMatchObject({ address: author.address, kind: 'reply-held' });
    expect(asked!.text).not.toContain('mallory');
    const thread = (await ctx.db.selectFrom('threads').select('id').executeTakeFirstOrThrow()).id;
    const { id } = await ctx.db.selectFrom('replies').select('id').executeTakeFirstOrThrow();
    const input = { id, body: 'It is in Tashkent.', consent: false };
    const viewer = await author.viewer();
    expect(await releaseReply(ctx, world, thread, viewer, input)).toEqual({ ok: true });
    // Once more, as when the answer was lost: it is sent once.
    expect(await releaseReply(ctx, world, thread, viewer, input)).toEqual({ ok: true });
    expect(await conversation(ctx)).toHaveLength(2);
  });

  test('relay 20: the right From without a DMARC pass is held, also where the policy is none', async () => {
    const { ctx, author } = await openRelay(engine);
    await arrive(ctx, { from: author.address, to: await replyTo(ctx, author.address), ip: BAD_IP });
    expect(await outcomes(ctx)).toEqual(['held unproven']);
  });

  test('relay 21: a forged Authentication-Results header is ignored', async () => {
    const { ctx, author } = await openRelay(engine);
    const forged = `mail.portal.example; dmarc=pass header.from=${author.address.split('@')[1]}`;
    const to = await replyTo(ctx, author.address);
    await arrive(ctx, { from: author.address, to, ip: BAD_IP, headers: { 'Authentication-Results': forged } });
    expect(await outcomes(ctx)).toEqual(['held unproven']);
  });

  test('the verdict of the configured front server is taken, and only the topmost and about this domain', async () => {
    const { ctx, author } = await openRelay(engine, { INBOUND_AUTHSERV_ID: 'mx.front.example' });
    const to = await replyTo(ctx, author.address);
    const domain = author.address.split('@')[1]!;
    const results = [
      `mx.front.example; dmarc=pass (p=none) header.from=${domain}`,
      `mx.front.example; dmarc=fail header.from=${domain}\r\nAuthentication-Results: mx.front.example; dmarc=pass header.from=${domain}`,
      `mx.other.example; dmarc=pass header.from=${domain}`,
      'mx.front.example; dmarc=pass header.from=evil.example',
    ];
    for (const result of results)
      await arrive(ctx, { from: author.address, to, ip: BAD_IP, headers: { 'Authentication-Results': result } });
    expect(await outcomes(ctx)).toEqual(['relayed', ...Array(3).fill('held unproven')]);
  });

  test('relay 22: two From headers, two addresses in one, or none are refused', async () => {
    const { ctx, author } = await openRelay(engine);
    const to = await replyTo(ctx, author.address);
    for (const from of [
      `${author.address}\r\nFrom: mallory@evil.example`,
      `${author.address}, mallory@evil.example`,
      '',
    ])
      expect(codes(await arrive(ctx, { from, to, returnPath: author.address }))).toEqual([550]);
    expect([await outcomes(ctx), (await conversation(ctx)).length]).toEqual([[], 1]);
  });

  test('relay 23: a third party in Cc gets nothing from us, and the writer is warned', async () => {
    const { ctx, author, reader } = await openRelay(engine);
    await arrive(ctx, {
      from: author.address,
      to: await replyTo(ctx, author.address),
      headers: { Cc: 'third@parties.example' },
    });
    const [notice, relayed] = await sentLetters(ctx);
    expect([notice!.address, notice!.kind]).toEqual([author.address, 'reply-notice']);
    expect(notice!.text).toContain('They can see your address');
    expect(relayed!.address).toBe(reader.address);
    expect(JSON.stringify(await dump(ctx.db))).not.toContain('parties.example');
  });

  test('relay 24: a reply to all that names both tokens is one copy to each other, and no loop', async () => {
    const { ctx, author, reader } = await openRelay(engine);
    const own = await replyTo(ctx, author.address);
    await arrive(ctx, { from: author.address, to: own, body: 'First.' });
    const others = await replyTo(ctx, reader.address);
    const before = (await sentLetters(ctx)).length;
    const answers = await arrive(ctx, { from: author.address, to: [own, others], body: 'To all.' });
    expect(codes(answers)).toEqual([250, 250]);
    expect((await conversation(ctx)).filter(([, body]) => body === 'To all.')).toHaveLength(1);
    const letters = (await sentLetters(ctx)).slice(0, -before);
    expect(letters.filter(({ kind }) => kind === 'relayed-message').map(({ address }) => address)).toEqual([
      reader.address,
    ]);
  });

  test('relay 25: a foreign In-Reply-To lets nobody in and keeps nobody out', async () => {
    const { ctx, author } = await openRelay(engine);
    const to = await replyTo(ctx, author.address);
    await arrive(ctx, { from: author.address, to, headers: { 'In-Reply-To': '<other@thread.example>' } });
    await arrive(ctx, { from: 'm@evil.example', to, headers: { 'In-Reply-To': '<other@thread.example>' } });
    expect(await outcomes(ctx)).toEqual(['relayed', 'held stranger']);
  });

  test('relay 26: one Message-ID twice on one token is one delivery', async () => {
    const { ctx, author } = await openRelay(engine);
    const mail = {
      from: author.address,
      to: await replyTo(ctx, author.address),
      headers: { 'Message-ID': '<1@x.example>' },
    };
    const answers = await Promise.all([arrive(ctx, mail), arrive(ctx, mail)]);
    expect(answers.flatMap(codes)).toEqual([250, 250]);
    expect(await conversation(ctx)).toHaveLength(2);
  });

  test('relay 27: one Message-ID on two threads is two deliveries', async () => {
    const { ctx, author, begin } = await openRelay(engine);
    const first = await replyTo(ctx, author.address);
    await begin();
    const second = await replyTo(ctx, author.address);
    expect(second).not.toBe(first);
    for (const to of [first, second])
      await arrive(ctx, { from: author.address, to, headers: { 'Message-ID': '<1@x.example>' } });
    expect(await outcomes(ctx)).toEqual(['relayed', 'relayed']);
  });

  test('relay 28: without a Message-ID the same bytes are the same mail', async () => {
    const { ctx, author } = await openRelay(engine);
    const mail = { from: author.address, to: await replyTo(ctx, author.address), headers: { 'Message-ID': '' } };
    await arrive(ctx, mail);
    await arrive(ctx, mail);
    await arrive(ctx, { ...mail, body: 'Something else.' });
    expect(await outcomes(ctx)).toEqual(['relayed', 'relayed']);
  });

  test('relay 29: nothing but a quote is not passed on, and its writer is told', async () => {
    const { ctx, author } = await openRelay(engine);
    const body = 'On Fri, 15 Jan 2027 at 10:00, Rano Reader wrote:\n> Which archive holds the letters?\n';
    await arrive(ctx, { from: author.address, to: await replyTo(ctx, author.address), body });
    expect([await outcomes(ctx), (await conversation(ctx)).length]).toEqual([['dropped empty'], 1]);
    const [notice] = await sentLetters(ctx);
    expect([notice!.address, notice!.text.includes('nothing was passed on')]).toEqual([author.address, true]);
  });

  test('however much of our letter is quoted goes; a mail that is longer than a message is held whole', async () => {
    const { ctx, author } = await openRelay(engine);
    const to = await replyTo(ctx, author.address);
    const quoted = '> Which archive holds the letters?\n'.repeat(1_000);
    const body = `It is in Tashkent.\n\nOn Fri, 15 Jan 2027 at 10:00, Rano Reader wrote:\n${quoted}\nAsk for box 12.`;
    await arrive(ctx, { from: author.address, to, body });
    expect((await conversation(ctx)).at(-1)![1]).toBe('It is in Tashkent.\n\nAsk for box 12.');
    const long = 'Each line of it counts.\n'.repeat(2_000).trim();
    await arrive(ctx, { from: author.address, to, body: long });
    expect(await outcomes(ctx)).toEqual(['relayed', 'held long']);
    const held = await ctx.db.selectFrom('replies').select('body').where('outcome', '=', 'held').execute();
    expect(held).toEqual([{ body: long }]);
  });

  test('an answer longer than a message can be is held for that, and not for an address', async () => {
    const { ctx, author } = await openRelay(engine);
    const to = await replyTo(ctx, author.address);
    await arrive(ctx, { from: author.address, to, body: 'Quite a long story.\n'.repeat(600) });
    expect(await outcomes(ctx)).toEqual(['held long']);
    const [letter] = await sentLetters(ctx);
    expect(letter!.text).toContain('It is longer than a message can be.');
  });

  test('while the name system does not answer, a mail is to come again, whoever sent it', async () => {
    const { ctx, author } = await openRelay(engine);
    const to = await replyTo(ctx, author.address);
    const away = async () => Promise.reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEOUT' }));
    for (const from of [author.address, 'stranger@elsewhere.example']) {
      const raw = Buffer.from(`From: ${from}\r\nTo: ${to}\r\nMessage-ID: <1@x>\r\n\r\nIt is in Tashkent.`);
      const envelope = { from, to: [to], ip: GOOD_IP, helo: 'mx' };
      expect(await receive(ctx, away, rawMail(raw), envelope)).toMatchObject([{ code: 451 }]);
    }
    expect(await outcomes(ctx)).toEqual([]);
  });

  test('relay 30: where a participant has changed their address the old one is held and the new one works', async () => {
    const { ctx, author } = await openRelay(engine);
    const to = await replyTo(ctx, author.address);
    const address = 'new@addresses.example';
    await ctx.db
      .updateTable('mailboxes')
      .set({ address, address_key: address })
      .where('address', '=', author.address)
      .execute();
    await arrive(ctx, { from: author.address, to });
    await arrive(ctx, { from: address, to });
    expect(await outcomes(ctx)).toEqual(['held stranger', 'relayed']);
  });

  test('relay 31: two tokens in one mail have outcomes of their own', async () => {
    const { ctx, author, begin } = await openRelay(engine);
    const first = await replyTo(ctx, author.address);
    await begin();
    const second = await replyTo(ctx, author.address);
    await revoke(ctx, first);
    expect(codes(await arrive(ctx, { from: author.address, to: [first, second] }))).toEqual([550, 250]);
    expect(await outcomes(ctx)).toEqual(['relayed']);
  });

  test('relay 90: with the database gone a mail is answered with 451', async () => {
    const { ctx, author } = await openRelay(engine);
    const to = await replyTo(ctx, author.address);
    await ctx.close();
    const errors = ctx.logged.length;
    expect((await acceptsRecipient(ctx, to)).code).toBe(451);
    expect(codes(await arrive(ctx, { from: author.address, to }))).toEqual([451]);
    expect(ctx.logged.slice(errors).join()).not.toContain(author.address);
  });
});

describe('automatic mail', () => {
  test.each([
    ['relay 42', { 'Auto-Submitted': 'auto-replied' }, 'dropped automatic'],
    ['relay 43', { 'Auto-Submitted': 'no' }, 'relayed'],
    ['relay 44', { 'X-Auto-Response-Suppress': 'All' }, 'relayed'],
    ['relay 46', { Subject: 'Abwesenheitsnotiz: Your sources' }, 'held perhaps-automatic'],
    ['relay 46, in Russian', { Subject: '=?utf-8?B?0JDQstGC0L7QvtGC0LLQtdGCOiBYWA==?=' }, 'held perhaps-automatic'],
  ])('%s: %j is %s', async (_name, headers, outcome) => {
    const { ctx, author } = await openRelay();
    await arrive(ctx, { from: author.address, to: await replyTo(ctx, author.address), headers });
    expect(await outcomes(ctx)).toEqual([outcome]);
  });

  test('relay 45: what has no return path is never relayed', async () => {
    const { ctx, author } = await openRelay();
    await arrive(ctx, { from: author.address, to: await replyTo(ctx, author.address), returnPath: '' });
    expect([await outcomes(ctx), (await conversation(ctx)).length]).toEqual([['dropped automatic'], 1]);
  });

  test('relay 47: two vacation programs that answer each other send nothing', async () => {
    const { ctx, author, reader } = await openRelay();
    await arrive(ctx, { from: author.address, to: await replyTo(ctx, author.address), body: 'First.' });
    const before = (await sentLetters(ctx)).length;
    for (const person of [author, reader, author, reader])
      await arrive(ctx, {
        from: person.address,
        to: await replyTo(ctx, person.address),
        headers: { 'Auto-Submitted': 'auto-replied (vacation)' },
      });
    expect(await sentLetters(ctx)).toHaveLength(before);
  });

  test.each([
    [
      'relay 48: a read receipt',
      'disposition-notification',
      'message/disposition-notification',
      'Disposition: automatic-action/MDN-sent-automatically; displayed',
    ],
    [
      'relay 35: a delivery report',
      'delivery-status',
      'message/delivery-status',
      'Reporting-MTA: dns; x.example\n\nAction: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822; secret@x.example',
    ],
  ])('%s at a reply address is taken and goes nowhere', async (_name, report, type, fields) => {
    const { ctx, author } = await openRelay();
    const answers = await arrive(ctx, {
      from: author.address,
      to: await replyTo(ctx, author.address),
      headers: { 'MIME-Version': '1.0', 'Content-Type': `multipart/report; report-type=${report}; boundary=b` },
      body: `--b\nContent-Type: text/plain\n\nA report.\n--b\nContent-Type: ${type}\n\n${fields}\n--b--\n`,
    });
    expect([codes(answers), await outcomes(ctx), (await conversation(ctx)).length]).toEqual([[250], [], 1]);
  });

  test('relay 49: an alias that leads into its own address ends there', async () => {
    const { ctx, author } = await openRelay();
    const to = await replyTo(ctx, author.address);
    const before = (await sentLetters(ctx)).length;
    expect(codes(await arrive(ctx, { from: `"Rano via C" <${to}>`, to, returnPath: 'list@alias.example' }))).toEqual([
      250,
    ]);
    expect([await outcomes(ctx), (await sentLetters(ctx)).length]).toEqual([[], before]);
  });
});
