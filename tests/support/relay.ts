import { write } from '#db/write';
import { rawMail } from '~/domain/mail/inbound/raw-mail.server';
import { readOwnAddress, replyAddress } from '~/domain/mail/own-address.server';
import { sendMessage } from '~/domain/message/commands.server';
import { receive } from '~/domain/message/receive.server';
import { participantOfToken } from '~/domain/message/reply-tokens.server';
import { type TestContext, testContext } from './context';
import type { Engine } from './database';
import { makeConference, makePerson, makeSubmission, newKey } from './world';

/** From here the domains of people's addresses are allowed to send; from anywhere else they are not. */
export const GOOD_IP = '192.0.2.55';
export const BAD_IP = '198.51.100.9';

/** A name system in which every domain has a DMARC policy of `none` and one address that may send for it. */
export async function resolver(name: string, type: string): Promise<string[][]> {
  if (type === 'TXT' && name.startsWith('_dmarc.')) return [['v=DMARC1; p=none']];
  if (type === 'TXT' && !name.includes('_')) return [[`v=spf1 ip4:${GOOD_IP} -all`]];
  throw Object.assign(new Error(`nothing for ${type} ${name}`), { code: 'ENOTFOUND' });
}

/** A thread between a reader and two authors, whose first letters wait in the outbox. */
export async function openRelay(engine: Engine = 'sqlite', env: Record<string, string> = {}) {
  const ctx = await testContext({ engine, env: { INBOUND_LISTEN: 'lmtp://127.0.0.1:0', ...env } });
  const world = await makeConference(ctx);
  const author = await makePerson(ctx, 'Aigul Author');
  const coauthor = await makePerson(ctx, 'Cem Coauthor');
  const reader = await makePerson(ctx, 'Rano Reader');
  const paper = await makeSubmission(ctx, world, author, {
    state: 'published',
    authors: [
      { name: 'Aigul Author', address: author.address, contactable: true },
      { name: 'Cem Coauthor', address: coauthor.address, contactable: true },
    ],
  });
  async function begin(to = ['Aigul Author']) {
    const sent = await sendMessage(ctx, world, { ...paper, submissionId: paper.id }, await reader.viewer(), {
      key: newKey(),
      to: to.map((name) => paper.authors.find((one) => one.name === name)!.id),
      subject: 'Your sources',
      body: 'Which archive holds the letters?',
    });
    if (!sent.ok) throw new Error('refused');
  }
  await begin();
  return { ctx, world, author, coauthor, reader, paper, begin };
}

/** The newest letters first: whom to, where their answer goes, what they say. */
export async function sentLetters(ctx: TestContext) {
  return ctx.db
    .selectFrom('outbox')
    .innerJoin('mailboxes', 'mailboxes.id', 'outbox.mailbox_id')
    .select([
      'outbox.id',
      'address',
      'kind',
      'from_name',
      'subject',
      'text',
      'html',
      'headers',
      'reply_token',
      'state',
      'error_code',
    ])
    .orderBy('outbox.id', 'desc')
    .execute();
}

/** Where that person's newest relayed letter says to answer. */
export async function replyTo(ctx: TestContext, address: string): Promise<string> {
  const letter = (await sentLetters(ctx)).find((one) => one.address === address && one.reply_token);
  if (!letter) throw new Error('no letter that can be answered');
  return replyAddress(ctx.config, letter.reply_token!);
}

export interface Arriving {
  from?: string;
  to: string | string[];
  ip?: string;
  returnPath?: string;
  headers?: Record<string, string>;
  body?: string;
  /** The whole message instead. */
  raw?: string | Buffer;
}

let counted = 0;

/** Hands a message to the portal as its listener does. */
export async function arrive(
  ctx: TestContext,
  { from = '', to, ip = GOOD_IP, returnPath, headers = {}, body = 'It is in Tashkent.', raw }: Arriving,
) {
  const recipients = [to].flat();
  const lines: Record<string, string> = {
    From: from,
    To: recipients.join(', '),
    Subject: 'Re: Your sources',
    'Message-ID': `<${++counted}.${Date.now()}@programs.example>`,
    ...headers,
  };
  const text = `${Object.entries(lines)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n')}\r\n\r\n${body.replace(/\r?\n/g, '\r\n')}`;
  return receive(ctx, resolver, rawMail(Buffer.from(raw ?? text)), {
    from: returnPath ?? from.replace(/^.*<(.*)>$/, '$1'),
    to: recipients,
    ip,
    helo: 'mail.programs.example',
  });
}

/** What each participant of the newest thread has written, oldest first. */
export async function conversation(ctx: TestContext): Promise<[string, string][]> {
  const rows = await ctx.db
    .selectFrom('messages')
    .innerJoin('participants', 'participants.id', 'messages.participant_id')
    .select(['name', 'body'])
    .orderBy('messages.id')
    .execute();
  return rows.map(({ name, body }) => [name, body]);
}

export async function outcomes(ctx: TestContext) {
  const rows = await ctx.db.selectFrom('replies').select(['outcome', 'reason']).orderBy('id').execute();
  return rows.map(({ outcome, reason }) => (reason ? `${outcome} ${reason}` : outcome));
}

/** Ends the reply address of a letter. */
export async function revoke(ctx: TestContext, address: string): Promise<void> {
  const own = readOwnAddress(ctx.config, address);
  if (own?.kind !== 'reply') throw new Error('no reply address');
  const known = (await participantOfToken(ctx.db, ctx, own.token))!;
  await write(ctx.db, (trx) =>
    trx
      .updateTable('reply_tokens')
      .set({ revoked_at: ctx.clock.now().toISOString() as never })
      .where('participant_id', '=', known.participantId)
      .execute(),
  );
}
