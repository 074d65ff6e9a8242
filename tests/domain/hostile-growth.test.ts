import { expect, test } from 'vitest';
import { foldWords, parseQuery } from '#db/search/words';
import { looksLikeLink } from '~/domain/account/looks-like-link';
import { parseAddress, personNameSchema } from '~/domain/account/schema';
import { nature } from '~/domain/mail/automatic';
import { readDeliveryReport } from '~/domain/mail/bounces.server';
import { holdsAddress, holdsAnyAddress, publishesAddress } from '~/domain/mail/gate';
import type { OurLetters } from '~/domain/mail/inbound/ours';
import { joinedLines } from '~/domain/submission/line-breaks';
import { parseOrcid } from '~/domain/submission/orcid';
import { cleanLine } from '~/domain/text';
import { countWords } from '~/domain/word-count';
import { FRAME, HARD } from '../support/hostile';
import { LINKS, NO_LETTERS, opened, typedOf } from '../support/incoming';

const LETTERS: OurLetters = {
  ...NO_LETTERS,
  frames: [FRAME, 'Answer on the portal:'],
  bodies: ['Which archive holds the letters that you quote?', 'a '.repeat(500), 'the the the the '.repeat(100)],
  senders: ['Rano Reader via Central Asia 2027'],
  people: ['Rano Reader'],
  subjects: ['Your sources'],
};

const READERS: Record<string, (text: string) => unknown> = {
  'an answer as text': (text) => typedOf(mail(text, 'text/plain'), LETTERS),
  'an answer that flows': (text) => typedOf(mail(text, 'text/plain; format=flowed'), LETTERS),
  'an answer in HTML': (text) => typedOf(mail(text, 'text/html'), LETTERS),
  'parts of a mail': (text) => typedOf(mail(text.replaceAll('\n', '\n--b\n'), 'multipart/mixed; boundary=b'), LETTERS),
  'a report': (text) => readDeliveryReport(opened(mail(text, 'text/plain'))),
  'a subject': (text) => nature({ ...opened('From: a@b.example\r\n\r\n'), subject: text, returnPath: 'a' }),
  'any address': (text) => holdsAnyAddress(text),
  'a known address': (text) => holdsAddress(text, 'zelda.quark@zq-lab.example.org'),
  'a published address': (text) => publishesAddress(text),
  'links of ours': (text) => [LINKS.held(text), LINKS.without(text)],
  'a link in a name': (text) => looksLikeLink(text),
  'a name': (text) => personNameSchema.safeParse(text),
  'a line': (text) => cleanLine(text),
  words: (text) => countWords(text),
  'line breaks': (text) => joinedLines(text),
  'an identifier': (text) => parseOrcid(text),
  'an address': (text) => parseAddress(text),
  'a query': (text) => parseQuery(text),
  search: (text) => foldWords(text),
};

function mail(body: string, type: string): string {
  return `From: a@people.example\r\nTo: r@x\r\nContent-Type: ${type}; charset=utf-8\r\n\r\n${body}`;
}

const SIZE = 12_000;

async function best(read: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 3; time++) {
    const began = performance.now();
    await read();
    least = Math.min(least, performance.now() - began);
  }
  return least;
}

/** Eight times the input takes about eight times as long; sixty-four times is the square of it. */
test.each(Object.entries(READERS))(
  'relay 116: %s is read in time that grows with it and no faster',
  async (_name, read) => {
    const grown: [string, number, number][] = [];
    for (const [what, hard] of Object.entries(HARD)) {
      const [small, large] = [hard(SIZE), hard(SIZE * 8)];
      await read(small);
      const [one, other] = [await best(() => read(small)), await best(() => read(large))];
      // What takes next to nothing is not measured.
      if (other > 30 && other > one * 30) grown.push([what, Math.round(one), Math.round(other)]);
    }
    expect(grown).toEqual([]);
  },
  120_000,
);
