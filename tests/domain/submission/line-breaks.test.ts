import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinedLines } from '~/domain/submission/line-breaks';

const ENGLISH = `The Aral Sea has lost nine tenths of its water since 1960. This paper asks who speaks for the river in the negotiations that followed, and how the delegations of five republics came to count water in shares rather than in needs. It draws on minutes of the interstate commission and on interviews in Nukus and Kyzylorda.`;
const SECOND = `A second part compares the case with the Syr Darya, where hydropower upstream and irrigation downstream have been at odds for thirty years, and where barter agreements were kept for a decade.`;
const RUSSIAN = `В докладе рассматривается история орошения Голодной степи в первой половине двадцатого века. На материале архивов Ташкента и Самарканда показано, как переселенцы осваивали земли, как строились каналы и почему засоление почв стало заметным уже через несколько лет после пуска воды.`;
const GERMAN = `Der Vortrag untersucht die Verwaltung der Bewässerung im Emirat Buchara und fragt, wie die Wasserverteilung zwischen Dörfern ausgehandelt wurde. Grundlage sind Urkunden aus dem Archiv des Kuschbegi, die bislang kaum ausgewertet worden sind und ein anderes Bild der Beamten zeigen.`;
const PERSIAN = `در این مقاله به بررسی تاریخ آبیاری در ماوراءالنهر پرداخته می‌شود و نشان داده می‌شود که چگونه نهرهای کهن در سده‌های میانه بازسازی شدند و چه کسانی هزینه نگهداری آن‌ها را می‌پرداختند و چرا در دوره‌های بعد این نظام از میان رفت.`;
const CHINESE =
  '本文考察十九世纪中亚灌溉制度的变迁，依据乌兹别克斯坦中央国立档案馆所藏的地方行政文书，分析村落之间如何分配用水，以及殖民政府的介入如何改变了原有的管理方式，并讨论这些变化对农业生产和社会关系的长期影响。';
const UZBEK = `Ushbu maqolada Buxoro amirligida suv taqsimoti masalasi ko‘rib chiqiladi. Arxiv hujjatlari asosida mirobning vazifalari, soliq tizimi va qishloqlar o‘rtasidagi nizolar tahlil qilinadi hamda sovet davrida bu tartib qanday o‘zgargani ko‘rsatib beriladi.`;

/** As a mail program or a PDF breaks lines: at blanks, so that each is as long as fits. */
function wrapped(text: string, width: number): string {
  return text
    .split('\n')
    .map((paragraph) => {
      const lines: string[] = [];
      for (const word of paragraph.split(' ')) {
        const line = lines.at(-1);
        if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
        else lines.push(word);
      }
      return lines.join('\n');
    })
    .join('\n');
}

describe('what was pasted from a page is joined', () => {
  const texts = { ENGLISH, RUSSIAN, GERMAN, PERSIAN, UZBEK };
  const cases = Object.entries(texts).flatMap(([name, text]) =>
    [58, 72, 76, 95].map((width) => [name, width, text] as const),
  );
  test.each(cases)('%s at %i', (_name, width, text) => {
    expect(joinedLines(wrapped(text, width))).toBe(text);
    expect(joinedLines(wrapped(text, width).replaceAll('\n', ' \r\n'))).toBe(text);
  });

  test('paragraphs stay, with and without an empty line between them', () => {
    const two = `${ENGLISH}\n\n${SECOND}`;
    expect(joinedLines(wrapped(two, 72))).toBe(two);
    const close = `${ENGLISH}\n${SECOND}`;
    expect(joinedLines(wrapped(close, 76))).toBe(close);
  });

  test('lines of a proportional font', () => {
    const ragged = [
      'The administration of water in the emirate of Bukhara has been studied from',
      'the side of its officials. What the villages did is known from petitions, which',
      'show a different will: to be heard, by whoever was there, and not',
      'to be ruled. I read sixty of them, from the years between 1868 and 1910, and ask',
      'what their writers took for granted about justice and about the river.',
    ];
    expect(joinedLines(ragged.join('\n'))).toBe(ragged.join(' '));
  });

  test.each([
    ['inter-\nnational', 'international'],
    ['state-of-\nthe-art', 'state-of-the-art'],
    ['Anglo-\nAmerican', 'Anglo-American'],
    ['self-\ngoverning', 'self-governing'],
    ['short-\nand long-term', 'short- and long-term'],
    ['1990–\n2000', '1990–2000'],
    ['irri\u00AD\ngation', 'irrigation'],
    ['респуб-\nлики', 'республики'],
  ])('a word at the line’s end: %j', (broken, whole) => {
    const [first, second] = broken.split('\n');
    const before = `${'water and trust among the villages of the '.repeat(2).slice(0, 84 - first!.length)}`.trimEnd();
    const text = [
      'who shares the water of a river that crosses three borders, and who asks for it when',
      `${before} ${first}`,
      `${second} order of things is what this paper asks about, with a view to what came after`,
      'it and to those who had no word in it at all.',
    ];
    expect(joinedLines(text.join('\n'))).toContain(` ${whole} order of things`);
  });

  test('a compound that the text writes with its hyphen elsewhere keeps it', () => {
    const text =
      'the land-tax of the valley was paid in kind, and those who paid it knew what the land-\n' +
      'tax was for: canals, guards and the keeping of the weir, as the petitions of the time\n' +
      'say again and again to whoever reads them.';
    expect(joinedLines(text)).toContain('knew what the land-tax was for');
  });

  test('Chinese and Japanese without blanks', () => {
    const lines = CHINESE.match(/.{1,30}/gsu)!;
    expect(joinedLines(lines.join('\n'))).toBe(CHINESE);
  });

  test('items of a list that are broken themselves', () => {
    const list = [
      'The paper has three parts, each of which asks one question of the sources:',
      `- ${SECOND.slice(0, 180)}`,
      `- ${ENGLISH.slice(60, 230)}`,
    ].join('\n');
    expect(joinedLines(wrapped(list, 72))).toBe(list);
  });
});

describe('what has lines of its own is left alone', () => {
  test.each([
    ['one paragraph', ENGLISH],
    ['paragraphs as they are typed', `${ENGLISH}\n\n${SECOND}\n\n${ENGLISH}`],
    ['paragraphs without an empty line', `${ENGLISH}\n${SECOND}\n${ENGLISH}`],
    ['one break', `${ENGLISH.slice(0, 70)}\n${ENGLISH.slice(71)}`],
    ['a list', '- who shares the water\n- who pays for the canal\n- who repairs the weir\n- who decides'],
    [
      'a numbered list of long items',
      '1. Who shares the water of a river that crosses three borders and is never asked?\n2. Who pays for the canal that the villages share, and how is the sum divided up?\n3. Who decides in a year of drought, when there is not enough of it for everybody?',
    ],
    [
      'a structured abstract',
      'Background: Little is known about the distribution of water in the emirate before 1868.\nMethods: Sixty petitions from the archive of the kushbegi are read and compared by place.\nResults: Villages negotiated among themselves and called for officials only when it failed.\nConclusion: The order was local, and it was written down only when it was already going.',
    ],
    [
      'a sonnet',
      'Shall I compare thee to a summer’s day?\nThou art more lovely and more temperate:\nRough winds do shake the darling buds of May,\nAnd summer’s lease hath all too short a date;\nSometime too hot the eye of heaven shines,\nAnd often is his gold complexion dimmed;',
    ],
    [
      'a ghazal',
      'بشنو این نی چون شکایت می‌کند\nاز جدایی‌ها حکایت می‌کند\nکز نیستان تا مرا ببریده‌اند\nدر نفیرم مرد و زن نالیده‌اند\nسینه خواهم شرحه شرحه از فراق\nتا بگویم شرح درد اشتیاق',
    ],
    ['verse without capitals', 'so much depends\nupon\n\na red wheel\nbarrow\n\nglazed with rain\nwater'],
    ['names', 'Aigul Author, Institute of Rivers\nCem Coauthor, University of Canals\nRano Reader, Academy of Weirs'],
    ['a Chinese poem', '床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。'],
    [
      'a table',
      '| year | water | shares of the upper and the lower villages |\n| 1868 | 12 | 3 and 4 of the whole of it in dry years |\n| 1910 | 14 | 5 and 6 of the whole of it in wet years |',
    ],
    ['nothing', ''],
    ['empty lines', '\n\n\n'],
  ])('%s', (_name, text) => {
    expect(joinedLines(text)).toBeNull();
  });
});

test('no word is lost, whatever is typed', () => {
  const pieces = fc.constantFrom(
    'water',
    'и',
    '水',
    '-',
    '\u00AD',
    '.',
    ' ',
    '\n',
    '\n\n',
    '  ',
    'Trust',
    '- ',
    'لا',
    'a'.repeat(30),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 300 }), (parts) => {
      const text = parts.join('');
      const bare = (one: string) => one.replace(/[\s\u00AD-]/g, '');
      const joined = joinedLines(text);
      if (joined !== null) expect(bare(joined)).toBe(bare(text));
    }),
  );
});

test('it takes time in proportion to the text', () => {
  const time = (text: string) => {
    const begun = performance.now();
    joinedLines(text);
    return performance.now() - begun;
  };
  for (const piece of ['a', '-', ' ', '\n', 'a-', 'a-\n', ' \n', '水', '(a) ', 'A '])
    expect(time(piece.repeat(60_000 / piece.length))).toBeLessThan(400);
  expect(time(wrapped(`${ENGLISH} `.repeat(180), 72))).toBeLessThan(400);
});
