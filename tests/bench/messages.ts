import { newId } from '#db/ids';
import { LIMITS } from '~/domain/account/limits.server';
import { type Figure, interleaved, type Pace, summary } from './figure';
import { type Asked, ORIGIN } from './load';
import { as, type Person, type Portal, signIn, withoutLimits } from './portal';

/** More than a portal that writes each message to the disk will take in a second. */
const MOST_A_SECOND = 1_000;
const BODY =
  'Dear author,\n\nI read your abstract with great interest and would like to know more about your sources. '.repeat(4);

/** Messages of signed-in people to authors, as their browsers post them. */
export async function measureMessages(portal: Portal, pace: Pace): Promise<Figure> {
  const most = MOST_A_SECOND * (1 + pace.rounds * pace.seconds);
  const writers = await signIn(portal.app, 'Writer', Math.ceil(most / LIMITS.message.most));
  const authors = await contactable(portal, Math.ceil(most / LIMITS.messageTo.most));
  const before = await accepted(portal);
  const [rounds] = await withoutLimits(portal.app, () =>
    interleaved([{ server: portal, ask: messages(writers, authors), status: 303 }], pace),
  );
  const answers = rounds!.reduce((sum, round) => sum + round.answers, 0);
  const stored = (await accepted(portal)) - before;
  if (stored < answers) throw new Error(`${answers} messages were accepted and only ${stored} are there`);
  return {
    name: 'messages.accepted',
    ...summary(rounds!),
    unit: 'messages/s',
    ratio: null,
    note: `${writers.length} writers, ${authors.length} authors; each on the disk, with its mail, when it is accepted`,
  };
}

function messages(writers: Person[], authors: { path: string; id: string }[]): () => Asked {
  let count = 0;
  return () => {
    const number = count++;
    const writer = writers[number % writers.length]!;
    // Nobody writes to the same author twice: three messages wait for an answer at most.
    const author = authors[(number + Math.floor(number / writers.length)) % authors.length]!;
    const form = new URLSearchParams({ key: newId(), to: author.id, subject: `Question ${number}`, body: BODY });
    return as(writer, {
      path: `${author.path}/message`,
      method: 'POST',
      headers: { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    });
  };
}

async function contactable(portal: Portal, count: number): Promise<{ path: string; id: string }[]> {
  const rows = await portal.app.db
    .selectFrom('papers')
    .innerJoin('version_authors', 'version_authors.version_id', 'papers.version_id')
    .innerJoin('authors', 'authors.id', 'version_authors.author_id')
    .select(['version_authors.author_id'])
    .where('papers.conference_id', '=', portal.conference.id)
    .where('authors.contactable', '=', 1)
    .orderBy('papers.position')
    .limit(count)
    .execute();
  if (rows.length < count) throw new Error(`only ${rows.length} of ${count} authors can be written to`);
  return rows.map((row, index) => ({ path: portal.paper(index + 1), id: row.author_id }));
}

async function accepted(portal: Portal): Promise<number> {
  const { count } = await portal.app.db
    .selectFrom('messages')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}
