import { write } from '#db/write';
import { replyAddress } from '~/domain/mail/own-address.server';
import { replyTokens } from '~/domain/message/reply-tokens.server';
import { converse } from './conversations';
import { type Figure, interleaved, type Pace, summary } from './figure';
import type { Asked } from './load';
import { type Portal, withoutLimits } from './portal';
import { arriving } from './webhook';

const WRITERS = 100;
const BODY = 'Thank you. They lie in Tashkent, in two boxes that nobody has opened since. '.repeat(4);

/** Answers by mail as a mail provider's webhook brings them: parsed, judged, passed on with their letters, on the disk. */
export async function measureInbound(portal: Portal, pace: Pace): Promise<Figure> {
  const answering = await correspondents(portal);
  const before = await relayed(portal);
  let answers = 0;
  const [rounds] = await withoutLimits(portal.app, () =>
    interleaved([{ server: portal, ask: mails(answering), status: 200 }], pace),
  );
  for (const round of rounds!) answers += round.answers;
  const stored = (await relayed(portal)) - before;
  if (stored < answers)
    throw new Error(
      `${answers} mails were taken, ${stored} answers are there: ${JSON.stringify(await outcomes(portal))}`,
    );
  return {
    name: 'mail.in',
    ...summary(rounds!),
    unit: 'mails/s',
    ratio: null,
    note: `${WRITERS} conversations; each taken when it is on the disk, with the letter that it causes`,
  };
}

interface Correspondent {
  from: string;
  to: string;
}

async function correspondents(portal: Portal): Promise<Correspondent[]> {
  const { app } = portal;
  const conversations = await converse(portal, 'Correspondent', WRITERS);
  const ids = conversations.map(({ correspondent }) => correspondent.participantId);
  const tokens = await write(app.db, (trx) => replyTokens(trx, app, ids));
  return conversations.map(({ address, correspondent }) => ({
    from: address,
    to: replyAddress(app.config, tokens.get(correspondent.participantId)!),
  }));
}

function mails(answering: Correspondent[]): () => Asked {
  let count = 0;
  return () => {
    const number = count++;
    const { from, to } = answering[number % answering.length]!;
    const text = `${BODY}\r\n\r\nOn Friday somebody wrote:\r\n> Where?\r\n`;
    return arriving({ from, to, type: 'text/plain', text });
  };
}

function outcomes({ app }: Portal) {
  return app.db
    .selectFrom('replies')
    .select((eb) => ['outcome', 'reason', eb.fn.countAll<number>().as('count')])
    .groupBy(['outcome', 'reason'])
    .execute();
}

async function relayed(portal: Portal): Promise<number> {
  const { count } = await portal.app.db
    .selectFrom('replies')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('outcome', '=', 'relayed')
    .executeTakeFirstOrThrow();
  return Number(count);
}
