import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { looksLikeLink } from '~/domain/account/looks-like-link';
import { personNameSchema } from '~/domain/account/schema';

/** Initials, titles and particles without blanks, as people type them. */
const NAMES = `
J.de Vries | P.de la Cruz | Prof.dr.sc. Ivan Horvat | M.van den Berg | dr.med. A. Novak | A. Novak, Ph.D. | St.John | St.John Philby
J.R.R. Tolkien | J.R.R.Tolkien | M.Sc. Aigerim | A.ibn Sina | ibn Rushd | А.де Сент-Экзюпери | О.Ю.Шмидт | И.И. Иванов | Ю.А.Гагарин
J.DE VRIES | P.DE LA CRUZ | J.De Vries | L.von Mises | L.van Beethoven | J.-P.de Vries | J-P.de Vries | J.P.de la Fuente | Vries, J.de
Vries (de), J. | d’A.de Vries | X.Li | K.Ng | J.Ma | W.Ai | J.Page | S.Wang | J.Kim | C.Link | P.Co | J.LI | L.Da Vinci | L.da Vinci
Prof.Dr.rer.nat. Müller | Prof. Dr.h.c.mult. Müller | Univ.-Prof. Dr.phil.habil. Meier | Dipl.-Ing. Huber | Mag.phil. Huber | Dr.Dr. Weber
Dr.de Vries | Dr.Li | DR.LI | Prof.Wang | Dr.sc. Kovač | Doc.dr.sc. Kovač | Mgr.et Mgr. Novák | MUDr.Jan Novák | doc.ing.Jan Novák, CSc.
dr.hab. Nowak | prof.dr.hab.inż. Nowak | dr hab. inż. Nowak | prof.mr.dr. J. Bakker | dr.ir. K. de Boer | Ir.Budi Santoso, M.Si. | Budi, S.Pd.
Siti, M.Kom | Drs.H.Ahmad | Yrd.Doç.Dr. Yılmaz | Arş.Gör. Yılmaz | PGS.TS. Nguyễn Văn A | Rev.Fr. Thomas | Lt.Col. Smith | Th.van den Berg
Ch.de Gaulle | Chr.de Vries | Yu.Gagarin | Sh.Rustaveli | B.Sc.Ed. | LL.M. | Smith LL.M | Ph.D | D.Phil. | D.phil. | e.g. Name | O’Brien, P.J.
M.al-Khwarizmi | M.al Khwarizmi | A.bin Laden | M.Mac Donald | J.Mc Donald | S.do Carmo | J.dos Santos | A.du Pont | H.ten Broek | J.op den Akker
проф.Иванов | проф. д-р Иванов | канд.ист.наук Иванов | к.филол.н. Иванов | д.и.н. Иванов | доц.д-р Петров | акад.Лихачёв | А.де Местр | К.фон Бок
د.محمد علي | د. محمد | ا.د.محمد | פרופ.כהן | א.כהן | δρ.Παπαδόπουλος | Α.Παπαδόπουλος | 山田.太郎 | डॉ.शर्मा | А. С. Пушкин | Jean-Luc P. | Ivan.Horvat
Smith, Jr. | Smith Jr.,J. | No. 5 | M.Sc. Aigerim/Айгерім | A.B.C.de Wit | V.le Roux | N.le Carré | E.des Essarts | E.d’Orsi | Ø.St John
B.St.John | J.St.Clair | Dr.St.John | F.El Baradei | F.el-Baradei | R.Te Kanawa | J.Vd Merwe | Prof.em. Kurz | Prof.em.Dr. Kurz | A.y Gasset | A...B | U.S.A. | a.b.c.
`;

/** Of what somebody might press in the mail that carries the name. */
const LINKS = `
me@evil.example | me＠evil | https://evil.example | javascript://x | www.evil.example | WWW.EVIL | evil.example | click evil.com now | EVIL.COM
Evil.Com | eViL.cOm | evil.COM | EVIL.com | evil.de | evil.la | Evil.De | EVIL.DE | evil.example/prize | Evil.Me | evil.online | Evil.Online | win at evil.xyz
еvil.com | evil.cоm | Evil.Cоm | J.cоm Smith | J.dе Vries | ｅｖｉｌ．ｃｏｍ | evil．com | evil。com | evil｡com | evil․com | evil﹒com | ev\u200bil.com | evil.\u00adcom
évil.com | e\u0332vil\u0332.com | ёлка.рф | зло.рф | Зло.РФ | зло.онлайн | 例子.中国 | 我.中国 | 例子.公司 | مثال.ایران | مثال.مصر | उदाहरण.भारत | ตัวอย่าง.ไทย
x.com | X.com | X.Com | t.co | t.me | T.Me | g.co | a.com Smith | J.com Smith | J.net | J.info now | J.online | J.page | j.li | x.ai | visit x.de now | x.de
J.de | J.de/prize | J.de/ Vries | J.de:80 | J.R.evil.com | J.evil.com | Dr.evil.com | dr.evil.de | dr.med.evil.de | Prof.com | Prof.Com | dr.com | st.com | Dr.me | dr.online
J.de.com | med.de | Smith med.de now | sc.de | evil.dr.de | evil.dr.com | J.de Vries evil.com | J.de Vries, see evil.de | xn--80ak6aa92e.com | a.xn--p1ai | 127.0.0.1 | 8.8.8.8
my-evil.de | a-b.com | evil1.com | 1.com | evil.co.uk | Evil.Co.Uk | evil.com. | (evil.com) | «evil.com» | "evil.com" | evil.com, PhD | Name evil.com | Name,evil.com
`;

const list = (text: string) =>
  text
    .split(/[|\n]/)
    .map((one) =>
      one.trim().replace(/\\u([\da-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    )
    .filter(Boolean);

describe('a name is a name', () => {
  test.each(list(NAMES))('%s', (name) => {
    expect(looksLikeLink(name)).toBe(false);
    expect(personNameSchema.safeParse(name).success).toBe(true);
  });
});

describe('a link is no name', () => {
  test.each(list(LINKS))('%s', (text) => {
    expect(looksLikeLink(text)).toBe(true);
    expect(personNameSchema.safeParse(text).success).toBe(false);
  });
});

test('whatever has the shape of a host is refused, wherever it stands and however it is written', () => {
  const host = fc
    .tuple(
      fc.stringMatching(/^[bcdfghjklmnpqrstvwxz]{5,12}$/),
      fc.constantFrom('com', 'org', 'net', 'de', 'la', 'ru', 'io', 'co.uk', 'info', 'example', 'xyz', 'рф'),
      fc.constantFrom('lower', 'upper', 'title'),
    )
    .map(([label, domain, as]) => {
      const all = `${label}.${domain}`;
      if (as === 'lower') return all;
      return as === 'upper' ? all.toUpperCase() : all.replace(/(?<=^|\.)\p{L}/gu, (letter) => letter.toUpperCase());
    });
  const before = fc.constantFrom('', 'Jan ', 'J.R. ', 'Prof.dr. ', 'click ', '(', '“', 'Müller, ');
  const after = fc.constantFrom('', ' now', '.', ',', '/', '/win', ' Smith', ')', '!', ':80');
  fc.assert(
    fc.property(before, host, after, (before, host, after) => {
      const text = before + host + after;
      expect([text, looksLikeLink(text)]).toEqual([text, true]);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  'a',
  'A',
  '.',
  'a.',
  'A.',
  'Prof.',
  'dr.med.',
  'J.de ',
  'de.',
  '-',
  'a-',
  '-.',
  'a\u0301',
  '\u0301',
  '。',
  '例',
  '1.',
  ' ',
  ',',
  'a,J.de ',
])('to look at %j over and over takes time in proportion', (part) => {
  const time = (length: number) => {
    const text = part.repeat(length / part.length);
    const began = performance.now();
    looksLikeLink(text);
    return performance.now() - began;
  };
  time(10_000);
  expect(time(400_000)).toBeLessThan(Math.max(600, 12 * time(100_000)));
});
