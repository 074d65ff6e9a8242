import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { OurLetters } from '~/domain/mail/inbound/ours';
import { replyAddress } from '~/domain/mail/own-address.server';
import { ownLinks } from '~/domain/mail/own-links';
import { ourLetters } from '~/domain/message/our-letters.server';
import { threadOf } from '~/domain/message/queries.server';
import { fateOf } from '~/domain/message/reply-fate';
import { LANGUAGES } from '../../support/client-languages';
import { type AnsweredLetter, shapesOf } from '../../support/client-shapes';
import { opened, typedOf } from '../../support/incoming';
import { openRelay, sentLetters } from '../../support/relay';

/** What real people write that looks like the work of a mail program. */
const ANSWERS: string[][] = [
  ['It is in Tashkent.'],
  [
    'Dear Rano,',
    'the letters lie in Tashkent, in the State Archive. On p. 17 of the diary the surveyor wrote: "no water since May".',
    'Best wishes,\nAigul',
    'P.S. The ferry of 1912 is another story; I have added a note on it.',
  ],
  [
    'Sources\n=======\nFrom: the State Archive [TsGA RUz], fund 17.\nSent from my desk in 1912: so the surveyor begins.',
    'Müller schrieb: das Wasser fehlt. Il a écrit : rien.',
    '---\nA second part, after a line of dashes.',
    'You ask which archive it is: box 12, said the keeper on 26 November 2026 at 10:05.',
  ],
  ['Да, письма в Ташкенте. Спасибо!', '信件在塔什干。', 'الرسائل في طشقند.'],
];

/** A real letter to an author, and what is known of it when the answer comes. */
async function answered(): Promise<{
  letter: AnsweredLetter;
  letters: OurLetters;
  holdsLink: (text: string) => boolean;
}> {
  const { ctx, author } = await openRelay();
  const sent = (await sentLetters(ctx)).find(({ address, reply_token }) => address === author.address && reply_token)!;
  const { id } = await ctx.db
    .selectFrom('participants')
    .select('id')
    .where('role', '=', 'author')
    .executeTakeFirstOrThrow();
  const thread = await threadOf(ctx.db, id);
  const own = thread.participants.find((participant) => participant.id === id)!;
  const letter = { ...sent, name: sent.from_name, address: replyAddress(ctx.config, sent.reply_token!) };
  return { letter, letters: await ourLetters(ctx.db, ctx, thread, own), holdsLink: ownLinks(ctx.config).held };
}

const even = (text: string) => text.replace(/[\s>]+/g, ' ').trim();

test('relay 105, 106: what mail programs make of an answer, in 32 languages: its words arrive, and none of ours', async () => {
  const { letter, letters, holdsLink } = await answered();
  const ours = [...letters.frames, ...letters.bodies].flatMap((text) => text.split(/(?<=[.?!:])\s/)).map(even);
  const sender = { returnPath: 'aigul.author@people.example', own: true, proven: true };
  const wrong: string[] = [];
  let shapes = 0;
  let held = 0;
  for (const paragraphs of ANSWERS)
    for (const { name, language, raw } of shapesOf(letter, paragraphs)) {
      shapes++;
      const typed = (await typedOf(raw, letters))!;
      const fate = fateOf(opened(raw), typed, sender, holdsLink);
      if (fate.outcome !== 'relayed') held++;
      const body = even(fate.body);
      const lost = paragraphs.flatMap((one) => one.split('\n')).filter((line) => !body.includes(even(line)));
      const back = [...ours, letter.address, letter.name, letter.subject].filter(
        (one) => one.length > 12 && body.includes(even(one)),
      );
      if (fate.outcome !== 'relayed' || lost.length > 0 || back.length > 0)
        wrong.push(JSON.stringify([name, language, fate.outcome, fate.reason, { lost, back, body }]));
    }
  process.stdout.write(
    `answers as ${shapes} shapes of ${LANGUAGES.length} languages: ${held} held, ${wrong.length} wrong\n`,
  );
  expect(wrong.slice(0, 20)).toEqual([]);
});

const REPLIES = resolve(import.meta.dirname, '../../../../shared/mail/replies');

test.skipIf(!existsSync(REPLIES))(
  'real answers, with our letter beneath as mail programs quote it: every line of theirs arrives, and none of ours',
  async () => {
    const { letter, letters, holdsLink } = await answered();
    const ours = [...letters.frames, ...letters.bodies].flatMap((text) => text.split(/(?<=[.?!:])\s/)).map(even);
    const sender = { returnPath: 'aigul.author@people.example', own: true, proven: true };
    const wrong: string[] = [];
    const outcomes: Record<string, number> = {};
    for (const file of readdirSync(REPLIES)) {
      const words = readFileSync(join(REPLIES, file), 'utf8').replace(/\r\n/g, '\n').trim();
      for (const { name, raw } of shapesOf(letter, words.split('\n\n'), ['en'])) {
        const typed = (await typedOf(raw, letters))!;
        const fate = fateOf(opened(raw), typed, sender, holdsLink);
        const outcome = fate.reason ? `${fate.outcome} ${fate.reason}` : fate.outcome;
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        const all = even(`${typed.text} ${typed.leftOut}`);
        const lost = words.split('\n').filter((line) => !all.includes(even(line)));
        const back = [...ours, letter.address, letter.name].filter((one) => one.length > 12 && all.includes(even(one)));
        if (lost.length + back.length > 0) wrong.push(JSON.stringify([file, name, { lost, back }]));
      }
    }
    process.stdout.write(`real answers: ${JSON.stringify(outcomes)}, ${wrong.length} wrong\n`);
    expect(wrong.slice(0, 20)).toEqual([]);
  },
);
