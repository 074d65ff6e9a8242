import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SendMailOptions } from 'nodemailer';
import { newId } from '#db/ids';
import { write } from '#db/write';
import { renderMail } from '#emails/mail';
import { relayedMessage } from '#emails/relayed-message';
import { enqueue, type Letter } from '~/domain/mail/outbox.server';
import { letterToken } from '~/domain/message/letter-link.server';
import { replyTokens } from '~/domain/message/reply-tokens.server';
import { type Conversation, converse } from './conversations';
import { atLeast, below, type Figure, type Pace, ratioOf } from './figure';
import { median, ORIGIN } from './load';
import type { Portal } from './portal';
import { type Helper, PATIENCE, start } from './processes';

const LETTERS_A_SECOND = 800;
/** As many as the portal's worker uses. */
const CONNECTIONS = 5;
const LEAST_RATIO = 0.6;
const BACKLOG = 10_000;
/** Milliseconds from the commit to the first attempt. */
const FIRST = 1_000;
const TRIES = 20;

/** The portal's own worker emptying its outbox, and Nodemailer sending the same letters from memory, in turn into one SMTP server. */
export async function measureRelay(portal: Portal, sink: Helper, smtpUrl: string, pace: Pace): Promise<Figure> {
  const count = Math.ceil(LETTERS_A_SECOND * pace.seconds);
  const letters = await lettersOf(portal, 'Reader', 50);
  const dir = await mkdtemp(join(tmpdir(), 'colloquy-letters-'));
  const file = join(dir, 'letters.json');
  await writeFile(file, JSON.stringify(letters(count).map((letter, index) => bareLetter(letter, index))));
  const mailer = await start('./mailer-process.mjs', {
    MAILER: JSON.stringify({ smtpUrl, connections: CONNECTIONS, file }),
  });
  try {
    const bare: number[] = [];
    const relayed: number[] = [];
    // The mails of whatever was measured before go out first.
    await settled(portal);
    for (let round = -1; round < pace.rounds; round++) {
      const rates = [
        await rateOf(sink, count, () => mailer.ask({})),
        await rateOf(sink, count, () => queue(portal, letters(count))),
      ];
      // The first round warms both up.
      if (round < 0) continue;
      bare.push(rates[0]!);
      relayed.push(rates[1]!);
    }
    const ratio = ratioOf(relayed, bare);
    return {
      name: 'relay.out',
      value: median(relayed),
      unit: 'messages/s',
      ratio,
      note: `bare Nodemailer: ${Math.round(median(bare))}/s with as many connections; ${count} mails a round`,
      goal: atLeast(LEAST_RATIO, ratio),
    };
  } finally {
    await mailer.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

/** What a day without the mail server leaves behind, sent once it is back: from the first letter to the last. */
export async function measureBacklog(portal: Portal, sink: Helper): Promise<Figure> {
  const letters = await lettersOf(portal, 'Waiting', 50);
  await settled(portal);
  const value = await rateOf(sink, BACKLOG, () => queue(portal, letters(BACKLOG)));
  const seconds = (BACKLOG / value).toFixed(1);
  return {
    name: 'relay.backlog',
    value,
    unit: 'messages/s',
    ratio: null,
    note: `${BACKLOG} letters, drained in ${seconds} s`,
  };
}

/** From the commit of one letter, by another process, to its arrival, with nothing else to do: the slowest of many. */
export async function measureFirst(portal: Portal, sink: Helper): Promise<Figure> {
  const letters = await lettersOf(portal, 'Idle', 1);
  const waits: number[] = [];
  await settled(portal);
  for (let turn = 0; turn < TRIES; turn++) {
    await sink.ask({ forget: true });
    await queue(portal, letters(1));
    const committed = performance.now();
    await until('a mail to arrive', async () => (await sink.ask<{ count: number }>({})).count === 1, 5);
    waits.push(performance.now() - committed);
    // Not in step with the worker's own looks.
    await new Promise((resolve) => setTimeout(resolve, 100 + turn * 37));
  }
  const value = Math.max(...waits);
  return {
    name: 'relay.first',
    value,
    unit: 'ms',
    ratio: null,
    note: `the slowest of ${TRIES}; median ${Math.round(median(waits))} ms; queued by another process`,
    goal: below(FIRST, value, 'ms'),
  };
}

/** Mails a second, as the server that gets them sees it: from the first to the last. */
async function rateOf(sink: Helper, count: number, send: () => Promise<unknown>): Promise<number> {
  await sink.ask({ forget: true });
  await send();
  let rate = 0;
  await until(`${count} mails to arrive`, async () => {
    const { count: arrived, milliseconds } = await sink.ask<{ count: number; milliseconds: number }>({});
    if (arrived > count) throw new Error(`${arrived} mails arrived of ${count} that were sent`);
    rate = ((count - 1) / milliseconds) * 1000;
    return arrived === count;
  });
  return rate;
}

async function queue(portal: Portal, letters: Letter[]): Promise<void> {
  await write(portal.app.db, async (trx) => {
    for (let from = 0; from < letters.length; from += 100)
      await enqueue(trx, portal.app, letters.slice(from, from + 100));
  });
}

async function settled(portal: Portal): Promise<void> {
  const waiting = portal.app.db.selectFrom('outbox').select('id').where('state', 'in', ['queued', 'sending']).limit(1);
  await until('the outbox to be empty', async () => !(await waiting.executeTakeFirst()));
}

async function until(what: string, done: () => Promise<boolean>, pause = 50): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Makes letters as messages of so many conversations do, each to one of the authors: what is asked of them is asked. */
async function lettersOf(portal: Portal, name: string, many: number): Promise<(count: number) => Letter[]> {
  const { app, conference } = portal;
  const conversations = await converse(portal, name, many);
  const ids = conversations.map(({ author }) => author.participantId);
  const tokens = await write(app.db, (trx) => replyTokens(trx, app, ids));
  const letter = (conversation: Conversation, number: number): Letter => {
    const { messageId, threadId, writer, author } = conversation;
    const letterUrl = `${ORIGIN}/letters/${letterToken(app.config, { participantId: author.participantId, messageId })}`;
    const props = {
      ...relayedMessage.sample,
      writer,
      subject: `Question ${number}`,
      url: `${ORIGIN}/bench-2027/messages/${threadId}`,
      letterUrl,
      body: `${relayedMessage.sample.body}\n\n${'Which of them were copied, and by whom? '.repeat(12)}`,
    };
    return {
      to: author.mailboxId,
      mail: renderMail(relayedMessage, props),
      fromName: `${writer} via ${props.conference}`,
      conferenceId: conference.id,
      messageId,
      replyToken: tokens.get(author.participantId) ?? null,
      headers: {
        'List-Unsubscribe': `<${letterUrl}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
      dedupeKey: newId(),
    };
  };
  return (count) => Array.from({ length: count }, (_, number) => letter(conversations[number % many]!, number));
}

function bareLetter({ mail, fromName, headers }: Letter, number: number): SendMailOptions {
  return {
    from: { name: fromName, address: `r-${'0'.repeat(26)}@reply.bench.example` },
    to: `reader${number % 50}@people.example`,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers,
  };
}
