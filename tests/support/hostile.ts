/** The frame of a letter of ours, as hostile mails repeat it. */
export const FRAME = 'Rano Reader writes to you about your paper T0001, “Water”, of Central Asia 2027:';

/** What is built to be hard, of about that many characters. */
export const HARD: Record<string, (size: number) => string> = {
  'attributions that do not end': (n) => `${'Op\n'.repeat(n / 6)}${'schreef\n'.repeat(n / 16)}x`,
  'On, without an end': (n) => 'On '.repeat(n / 3),
  'lines of headers': (n) => 'From: Rano Reader\n'.repeat(n / 18),
  'our own frame, over and over': (n) => `${FRAME}\n`.repeat(n / 84),
  'our words, in no order': (n) => 'the letters which archive holds that the the you '.repeat(n / 49),
  'one letter': (n) => 'a '.repeat(n / 2),
  quotes: (n) => '> '.repeat(n / 2),
  'quoted lines': (n) => '> a\n\n'.repeat(n / 5),
  'empty lines': (n) => '\n'.repeat(Math.min(n, 25_000)),
  blanks: (n) => `x${' '.repeat(n)}x`,
  brackets: (n) => '[('.repeat(n / 2),
  dashes: (n) => '-'.repeat(n),
  'rules with a word': (n) => '--a--a'.repeat(n / 6),
  signatures: (n) => '-- \n'.repeat(n / 4),
  dots: (n) => 'a.'.repeat(n / 2),
  'at signs': (n) => 'a@'.repeat(n / 2),
  'at and dot': (n) => 'a at b dot '.repeat(n / 11),
  percents: (n) => '%41'.repeat(n / 3),
  packed: (n) => 'QUBB'.repeat(n / 4),
  'digits of identifiers': (n) => '0000-0001-'.repeat(n / 10),
  'our links': (n) => 'https://portal.example/letters/ r-1ucm8mat5v0 '.repeat(n / 46),
  'other scripts': (n) => '信كم'.repeat(n / 3),
  combining: (n) => `a${'\u0301'.repeat(n)}`,
  tags: (n) => '<div><b>'.repeat(n / 8),
  'tags that close': (n) => '<b></i>'.repeat(n / 7),
  'a tag without end': (n) => `<a href="${'x'.repeat(n)}`,
  entities: (n) => '&amp'.repeat(n / 4),
  comments: (n) => '<!--'.repeat(n / 4),
};
