import { write } from '#db/write';
import { replyAddress } from '~/domain/mail/own-address.server';
import { replyTokens } from '~/domain/message/reply-tokens.server';
import { HARD } from '../support/hostile';
import { converse } from './conversations';
import { below, type Figure } from './figure';
import { as, type Portal, signIn, withoutLimits } from './portal';
import { arriving } from './webhook';
import { capture } from './wire';

/** In characters: all of a text that the portal reads. */
const SIZE = 190 * 1024;
const TYPES = ['text/plain', 'text/plain; format=flowed', 'text/html'];
/** Milliseconds. */
const MOST = 200;

/** How long the slowest of mails takes that are built to be hard, proven or a stranger's, and a page meanwhile. */
export async function measureHostile(portal: Portal): Promise<Figure> {
  const { app } = portal;
  const [conversation] = await converse(portal, 'Hostile', 1);
  const { address, correspondent } = conversation!;
  const tokens = await write(app.db, (trx) => replyTokens(trx, app, [correspondent.participantId]));
  const to = replyAddress(app.config, tokens.get(correspondent.participantId)!);
  const [visitor] = await signIn(app, 'Patient', 1);
  let slowest = { took: 0, what: '' };
  let page = 0;
  await withoutLimits(app, async () => {
    for (const type of TYPES)
      for (const [what, hard] of Object.entries(HARD))
        for (const from of [address, 'stranger@elsewhere.example']) {
          const began = performance.now();
          const visit = async () => {
            const { status } = await capture(portal.url, as(visitor!, { path: portal.paper(1) }));
            if (status !== 200) throw new Error(`a page answers ${status}`);
            return performance.now() - began;
          };
          const [took, waited] = await Promise.all([
            send(portal, arriving({ from, to, type, text: hard(SIZE) })).then(() => performance.now() - began),
            visit(),
          ]);
          if (took > slowest.took) slowest = { took, what: `${what}, ${type}` };
          page = Math.max(page, waited);
        }
  });
  return {
    name: 'mail.hostile',
    value: slowest.took,
    unit: 'ms',
    ratio: null,
    note: `${slowest.what}; a page meanwhile at most ${Math.round(page)} ms; ${Object.keys(HARD).length} shapes of 190 KB`,
    goal: below(MOST, slowest.took, 'ms'),
  };
}

async function send(portal: Portal, { path, ...asked }: ReturnType<typeof arriving>): Promise<void> {
  const { status } = await fetch(portal.url + path, asked);
  // Refused as it comes, or since so many wait: all of it has been read by then.
  if (![200, 400, 503].includes(status)) throw new Error(`a mail is answered ${status}`);
}
