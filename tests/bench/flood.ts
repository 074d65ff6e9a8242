import { write } from '#db/write';
import { replyAddress } from '~/domain/mail/own-address.server';
import { replyTokens } from '~/domain/message/reply-tokens.server';
import { converse } from './conversations';
import { below, type Figure, type Pace } from './figure';
import { median } from './load';
import { as, type Portal, signIn } from './portal';
import { start } from './processes';
import { capture } from './wire';

/** More than the portal lets in at once. */
const PEERS = 60;
/** Milliseconds between two visits. */
const PAUSE = 20;
const MOST_MEDIAN = 100;

/** How long a signed-in visitor waits for a page while mail floods in through the same process, and before. */
export async function measureFlood(portal: Portal, pace: Pace): Promise<Figure> {
  const { app } = portal;
  const [conversation] = await converse(portal, 'Flooded', 1);
  const { participantId } = conversation!.correspondent;
  const token = (await write(app.db, (trx) => replyTokens(trx, app, [participantId]))).get(participantId)!;
  const [visitor] = await signIn(app, 'Calm', 1);
  const flood = await start('./flood-process.mjs', {
    FLOOD: JSON.stringify({ port: portal.inboundPort, to: replyAddress(app.config, token), connections: PEERS }),
  });
  const visits = async () => {
    const waits: number[] = [];
    const end = performance.now() + pace.seconds * 1_000 * pace.rounds;
    while (performance.now() < end) {
      const began = performance.now();
      const { status } = await capture(portal.url, as(visitor!, { path: portal.paper((waits.length % 20) + 1) }));
      if (status !== 200) throw new Error(`a page answers ${status} during a flood`);
      waits.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    return waits.sort((a, b) => a - b);
  };
  try {
    await visits();
    const quiet = await visits();
    await flood.ask({ run: true });
    const began = performance.now();
    const flooded = await visits();
    const { sent } = await flood.ask<{ sent: number }>({ run: false });
    const perSecond = Math.round((sent / (performance.now() - began)) * 1_000);
    const p99 = flooded[Math.floor(flooded.length * 0.99)] ?? 0;
    return {
      name: 'page.flooded',
      value: median(flooded),
      unit: 'ms',
      ratio: null,
      note: `p99 ${Math.round(p99)} ms; without a flood ${median(quiet).toFixed(1)} ms; ${PEERS} peers bring ${perSecond} mails/s of 50 KB`,
      goal: below(MOST_MEDIAN, median(flooded), 'ms'),
    };
  } finally {
    await flood.stop();
  }
}
