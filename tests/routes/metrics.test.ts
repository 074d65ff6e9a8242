import { expect, test } from 'vitest';
import { bounceAddress } from '~/domain/mail/own-address.server';
import { outboxStates, runWorker, until } from '../support/mail';
import { openPortal } from '../support/portal';
import { arrive, replyTo, sentLetters } from '../support/relay';
import { openSmtpSink } from '../support/smtp-sink';
import { makeConference, makePerson, makeSubmission, newKey } from '../support/world';

const TOKEN = 'a-token-for-scraping';
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

test('/metrics counts what became of mail out and in, for who has the token, and names nobody', async () => {
  const portal = await openPortal({
    env: {
      METRICS_TOKEN: TOKEN,
      INBOUND_LISTEN: 'lmtp://127.0.0.1:0',
      INBOUND_SECRET: 'a secret of at least thirty-two characters',
    },
  });
  const { ctx } = portal;
  const world = await makeConference(ctx);
  const author = await makePerson(ctx, 'Aigul Author');
  const reader = await portal.signIn(await makePerson(ctx, 'Rano Reader'));
  const paper = await makeSubmission(ctx, world, author, { state: 'published' });
  await portal.post(
    `/cas-2027/papers/${paper.ref}/message`,
    { key: newKey(), to: paper.authors[0]!.id, subject: 'S', body: 'B' },
    { as: reader },
  );
  const sink = await openSmtpSink();
  const worker = runWorker(ctx, sink);
  await until(async () => (await outboxStates(ctx)).sent === 2);
  await worker.stop();
  const to = await replyTo(ctx, author.address);
  await arrive(ctx, { from: author.address, to });
  await arrive(ctx, { from: 'a@stranger.example', to });
  await arrive(ctx, { from: 'a@stranger.example', to: `r-${'0'.repeat(26)}@${ctx.config.replyDomain}` });
  const letter = (await sentLetters(ctx)).find((one) => one.state === 'sent')!;
  const report = [
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    'Final-Recipient: rfc822; x@y.example',
    'Action: failed',
    'Status: 5.1.1',
    '',
    '--b--',
    '',
  ].join('\r\n');
  await arrive(ctx, { to: bounceAddress(ctx.config, letter.id), returnPath: '', raw: report });
  for (let count = 0; count < 3; count++)
    await portal.request(new Request('https://portal.example/api/inbound', { method: 'POST', body: 'x' }));
  await until(async () => (await portal.get('/metrics', bearer(TOKEN))).text.includes('webhook_refused_total{'));

  const { text, headers } = await portal.get('/metrics', bearer(TOKEN));
  expect(headers.get('content-type')).toContain('text/plain');
  for (const line of [
    'colloquy_mail_out_total{outcome="sent"} 2',
    'colloquy_mail_in_total{outcome="relayed"} 1',
    'colloquy_mail_in_total{outcome="held"} 1',
    'colloquy_mail_in_total{outcome="refused"} 1',
    'colloquy_mail_in_total{outcome="bounce"} 1',
    'colloquy_webhook_refused_total{outcome="401"} 3',
    'colloquy_outbox_letters{state="queued"} 2',
  ])
    expect(text).toContain(line);
  expect(text).not.toContain('@');

  expect((await portal.get('/metrics', bearer('another-token-for'))).status).toBe(401);
  expect((await portal.get('/metrics')).status).toBe(401);

  // The bounce was for good: its owner is told as they sign in, and the organiser without the address.
  const mailbox = await ctx.db
    .selectFrom('mailboxes')
    .select('address')
    .where('suppressed_at', 'is not', null)
    .execute();
  expect(mailbox).toEqual([{ address: author.address }]);
  const organiser = await portal.signIn(await makePerson(ctx, 'Olga', { roles: [[world, 'organiser']] }));
  const desk = (await portal.get('/cas-2027/organise', { as: organiser })).text;
  expect(desk).toContain('Authors whom no mail reaches');
  expect(desk).toContain(`${paper.ref} Aigul Author`);
  expect(desk).not.toContain(author.address);
  await portal.signIn(author);
  expect((await portal.get('/account', { as: author })).text).toContain('Mail there has failed since');
});
