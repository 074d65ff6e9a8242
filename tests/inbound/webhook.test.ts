import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { takeInbound } from '~/inbound/webhook.server';
import { conversation, GOOD_IP, openRelay, replyTo, resolver } from '../support/relay';

const SECRET = 'the inbound secret of the tests, long enough';

async function setUp() {
  const relay = await openRelay('sqlite', { INBOUND_SECRET: SECRET });
  const to = await replyTo(relay.ctx, relay.author.address);
  const raw = `From: ${relay.author.address}\r\nTo: ${to}\r\nMessage-ID: <1@x.example>\r\n\r\nIt is in Tashkent.`;
  async function ask(
    changes: {
      secret?: string;
      age?: number;
      body?: string;
      headers?: Record<string, string>;
      method?: string;
      /** Signed as well. */
      envelope?: Record<string, string>;
    } = {},
  ) {
    const time = String(Math.floor(relay.ctx.clock.now().getTime() / 1000) - (changes.age ?? 0));
    const signed = {
      time,
      from: relay.author.address,
      to,
      ip: GOOD_IP,
      helo: 'mail.programs.example',
      ...changes.envelope,
    };
    const signature = createHmac('sha256', changes.secret ?? SECRET)
      .update(
        Object.values(signed)
          .map((value) => `${value}\n`)
          .join(''),
      )
      .update(raw)
      .digest('hex');
    const headers = Object.fromEntries(
      Object.entries({ ...signed, signature }).map(([name, value]) => [`x-colloquy-${name}`, value]),
    );
    const method = changes.method ?? 'POST';
    const request = new Request('https://portal.example/api/inbound', {
      method,
      headers: { ...headers, ...changes.headers },
      body: method === 'POST' ? (changes.body ?? raw) : undefined,
    });
    return takeInbound(relay.ctx, request, resolver);
  }
  return { ...relay, ask };
}

test('a signed message is taken; the same again changes nothing', async () => {
  const { ctx, ask } = await setUp();
  const answer = await ask();
  expect([answer.status, await answer.json()]).toEqual([200, { answers: [{ code: 250, text: '2.0.0 Taken' }] }]);
  expect((await ask()).status).toBe(200);
  expect((await conversation(ctx)).at(-1)).toEqual(['Aigul Author', 'It is in Tashkent.']);
  expect(await conversation(ctx)).toHaveLength(2);
});

test.each([
  ['another key', { secret: 'another secret, long enough to be one, yes' }],
  ['another body', { body: 'From: a@b.example\r\n\r\nForged' }],
  ['another recipient', { headers: { 'x-colloquy-to': 'r-00000000000000000000000000@mail.portal.example' } }],
  ['no signature', { headers: { 'x-colloquy-signature': '' } }],
  ['an old time', { age: 600 }],
  ['a time to come', { age: -600 }],
])('%s: 401, and nothing is taken', async (_name, changes) => {
  const { ctx, ask } = await setUp();
  expect((await ask(changes)).status).toBe(401);
  expect(await conversation(ctx)).toHaveLength(1);
  expect(ctx.logged.join()).toContain('wrong or old signature');
});

test.each([
  ['no recipient', { to: '' }],
  ['21 recipients', { to: Array.from({ length: 21 }, (_, number) => `r${number}@mail.portal.example`).join(',') }],
  ['no address of a peer', { ip: 'somewhere' }],
  ['a name of 300 characters', { helo: 'x'.repeat(300) }],
])('a well-signed envelope with %s: 400, and nobody is called a forger', async (_name, envelope) => {
  const { ctx, ask } = await setUp();
  expect((await ask({ envelope })).status).toBe(400);
  expect(ctx.logged.join()).not.toContain('signature');
});

test('too much is 413, a GET is 405, and without a secret there is no such page', async () => {
  const { ask } = await setUp();
  expect((await ask({ body: 'x\n'.repeat(19 * 1024 * 1024) })).status).toBe(413);
  expect((await ask({ method: 'GET' })).status).toBe(405);
  const { ctx } = await openRelay();
  expect(
    (await takeInbound(ctx, new Request('https://portal.example/api/inbound', { method: 'POST' }), resolver)).status,
  ).toBe(404);
});

test('with the database gone it is to be sent again', async () => {
  const { ctx, ask } = await setUp();
  await ctx.close();
  const answer = await ask();
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '60']);
});
