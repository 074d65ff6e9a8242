import { type ClientLanguage, LANGUAGES } from './client-languages';

/** The letter that is answered, as its reader has it. */
export interface AnsweredLetter {
  /** The sender's name and the address that one answers to. */
  name: string;
  address: string;
  subject: string;
  text: string;
  html: string;
}

export interface Shape {
  name: string;
  language: string;
  /** The whole message (RFC 5322). */
  raw: string;
}

const TIME = '10:05';
const FROM = 'Aigul Author <aigul.author@people.example>';

/** What mail programs make of an answer, in every language: as text, HTML, or both, with our letter in its way beneath. */
export function shapesOf(letter: AnsweredLetter, paragraphs: string[], languages?: string[]): Shape[] {
  return LANGUAGES.filter(({ code }) => !languages || languages.includes(code)).flatMap((language) =>
    Object.entries(CLIENTS).map(([name, compose]) => ({
      name,
      language: language.code,
      raw: compose({ letter, paragraphs, language, ...introduced(letter, language) }),
    })),
  );
}

interface Answer {
  letter: AnsweredLetter;
  paragraphs: string[];
  language: ClientLanguage;
  /** "On … wrote:" with address, and without. */
  wrote: string;
  wroteName: string;
  /** "From: …", with address and without. */
  headers: string[];
  headersNamed: string[];
}

function introduced(letter: AnsweredLetter, { wrote, labels, date }: ClientLanguage) {
  const filled = (who: string) => wrote.replace('{date}', date).replace('{time}', TIME).replace('{who}', who);
  const block = (from: string, to: string) =>
    [from, `${date} ${TIME}`, to, letter.subject].map((value, index) => `${labels[index]}: ${value}`);
  return {
    wrote: filled(`${letter.name} <${letter.address}>`),
    wroteName: filled(letter.name),
    headers: block(`${letter.name} <${letter.address}>`, FROM),
    headersNamed: block(letter.name, 'Aigul Author'),
  };
}

const CLIENTS: Record<string, (answer: Answer) => string> = {
  'Gmail, both': (a) =>
    alternative(
      `${said(a)}\n\n${wrapped(a.wrote)}\n\n${cited(a.letter.text, 72)}`,
      `<div dir="ltr">${divs(a)}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">${linked(a.wrote, a.letter.address)}<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">${inner(a.letter.html)}</blockquote></div>`,
    ),
  'Gmail, HTML alone': (a) =>
    html(
      `<div dir="ltr">${divs(a)}</div><br><div class="gmail_quote"><div class="gmail_attr">${linked(a.wrote, a.letter.address)}<br></div><blockquote>${inner(a.letter.html)}</blockquote></div>`,
    ),
  'Apple Mail': (a) => text(`${said(a)}\n\n> ${a.wrote}\n> \n${cited(a.letter.text, 0)}`),
  'Apple Mail, HTML': (a) =>
    html(
      `<div>${paragraphs(a)}</div><div><br><blockquote type="cite"><div>${escaped(a.wrote)}</div><br class="Apple-interchange-newline"><div>${inner(a.letter.html)}</div></blockquote></div>`,
    ),
  'Outlook, text': (a) =>
    text(`${said(a)}\n\n-----${a.language.original}-----\n${a.headers.join('\n')}\n\n${a.letter.text}`),
  'Outlook, text, no address': (a) => text(`${said(a)}\n\n${a.headersNamed.join('\n')}\n\n${a.letter.text}`),
  'Outlook, HTML': (a) =>
    html(
      `${word(a)}<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">${bold(a.headers)}</p></div><p class="MsoNormal">&nbsp;</p>${inner(a.letter.html)}`,
    ),
  'Outlook, HTML, no address': (a) =>
    html(`${word(a)}<hr><p class="MsoNormal">${bold(a.headersNamed)}</p>${inner(a.letter.html)}`),
  'Outlook on the web': (a) =>
    alternative(
      `${said(a)}\n________________________________\n${a.headers.join('\n')}\n\n${a.letter.text}`,
      `<div>${paragraphs(a)}</div><hr style="width:98%"><div id="divRplyFwdMsg"><font>${bold(a.headers)}</font><div>&nbsp;</div></div><div>${inner(a.letter.html)}</div>`,
    ),
  'Outlook on a phone': (a) =>
    text(
      `${said(a)}\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\n${a.headers.join('\n')}\n\n${a.letter.text}`,
    ),
  'Outlook, between our lines': (a) => text(`${a.headers.join('\n')}\n\n${between(a, '')}`),
  'Thunderbird, between our lines': (a) => text(`${a.wroteName}\n${between(a, '> ')}`),
  'Thunderbird, flowed': (a) =>
    text(`${flowed(said(a))}\n\n${a.wrote}\n${flowed(a.letter.text, '>')}`, 'text/plain; charset=UTF-8; format=flowed'),
  'Thunderbird, below': (a) =>
    text(`${a.wroteName}\n${cited(a.letter.text, 0)}\n\n${said(a)}\n\n-- \nA. Author\nNational University`),
  Yahoo: (a) => text(`${said(a)}\n\n    ${a.wrote}  \n \n ${a.letter.text.replaceAll('\n', '\n ')}`),
  'mail.ru': (a) => text(`${said(a)}\n\n>${a.wrote}\n> \n${cited(a.letter.text, 0, '>')}`),
  Yandex: (a) =>
    text(`${said(a)}\n\n26.11.2026, ${TIME}, "${a.letter.name}" <${a.letter.address}>:\n${cited(a.letter.text, 0)}`),
  QQ: (a) =>
    text(
      `${said(a)}\n\n\n------------------ ${a.language.original} ------------------\n${a.headers.map((header) => `${header};`).join('\n')}\n\n\n\n${a.letter.text}`,
    ),
  '163': (a) =>
    text(
      `${said(a)}\n\n\nAt 2026-11-26 10:05:00, "${a.letter.name}" <${a.letter.address}> wrote:\n${cited(a.letter.text, 0, '>')}`,
    ),
  Proton: (a) =>
    text(`${said(a)}\n\n-------- ${a.language.original} --------\n${a.wrote}\n\n${cited(a.letter.text, 76)}`),
  Zoho: (a) => text(`${said(a)}\n\n\n\n---- ${a.wrote.replace(/[:：]\s*$/, '')} ----\n\n${a.letter.text}`),
  'Base64, a filter’s links': (a) =>
    `${head('text/plain; charset=UTF-8', 'base64')}${Buffer.from(
      `${said(a)}\n\n${a.wrote}\n${cited(filtered(a.letter.text), 0)}`,
    )
      .toString('base64')
      .replace(/(.{76})/g, '$1\r\n')}\r\n`,
};

let count = 0;

function head(type: string, encoding = '8bit'): string {
  return `From: ${FROM}\r\nTo: r-x@mail.portal.example\r\nSubject: Re: Your sources\r\nMessage-ID: <shape.${++count}@people.example>\r\nMIME-Version: 1.0\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
}

function text(body: string, type = 'text/plain; charset=UTF-8'): string {
  return head(type) + body.replace(/\n/g, '\r\n');
}

function html(body: string): string {
  return `${head('text/html; charset=UTF-8')}<html><head><style>p{margin:0}</style></head><body>${body}</body></html>`;
}

function alternative(plain: string, rich: string): string {
  const part = (type: string, body: string) =>
    `--b\r\nContent-Type: ${type}; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${body.replace(/\n/g, '\r\n')}\r\n`;
  return `${head('multipart/alternative; boundary=b')}${part('text/plain', plain)}${part('text/html', rich)}--b--\r\n`;
}

const said = (a: Answer) => a.paragraphs.join('\n\n');
const divs = (a: Answer) => a.paragraphs.map((one) => `<div>${escaped(one)}</div>`).join('<div><br></div>');
const paragraphs = (a: Answer) => a.paragraphs.map((one) => `<p>${escaped(one)}</p>`).join('');
const word = (a: Answer) => a.paragraphs.map((one) => `<p class="MsoNormal">${escaped(one)}<o:p></o:p></p>`).join('\n');
const bold = (headers: string[]) =>
  headers.map((header) => `<b>${escaped(header).replace(':', ':</b>')}`).join('<br>\n');

function escaped(plain: string): string {
  return plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n', '<br>');
}

function linked(line: string, address: string): string {
  return escaped(line).replace(address, `<a href="mailto:${address}">${address}</a>`);
}

function inner(page: string): string {
  return /<body[^>]*>([\s\S]*)<\/body>/.exec(page)?.[1] ?? page;
}

function cited(plain: string, width: number, mark = '> '): string {
  return plain
    .trimEnd()
    .split('\n')
    .flatMap((line) => (width > 0 ? wrap(line, width) : [line]))
    .map((line) => (mark + line).trimEnd())
    .join('\n');
}

function wrapped(line: string): string {
  return wrap(line, 74).join('\n');
}

function wrap(line: string, width: number): string[] {
  const lines = [''];
  for (const one of line.split(' ')) {
    if (lines.at(-1) && lines.at(-1)!.length + one.length >= width) lines.push(one);
    else lines[lines.length - 1] = lines.at(-1) ? `${lines.at(-1)} ${one}` : one;
  }
  return lines;
}

/** RFC 3676: lines that go on end with a blank. */
function flowed(plain: string, mark = ''): string {
  const space = mark ? ' ' : '';
  return plain
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const parts = wrap(line, 66);
      return parts.map((part, index) => `${mark}${space}${part}${index < parts.length - 1 ? ' ' : ''}`);
    })
    .join('\n');
}

/** An answer after each paragraph of the letter. */
function between(a: Answer, mark: string): string {
  const theirs = a.letter.text.trimEnd().split('\n\n');
  return theirs
    .map((paragraph, index) => {
      const quotedLines = paragraph.split('\n').map((line) => mark + line);
      const own = index === theirs.length - 1 ? a.paragraphs.slice(index) : a.paragraphs.slice(index, index + 1);
      return [...quotedLines, '', ...own.flatMap((one) => [one, ''])].join('\n');
    })
    .join(mark ? `${mark.trimEnd()}\n` : '\n');
}

function filtered(plain: string): string {
  return plain.replace(
    /https:\S+/g,
    (link) => `https://nam02.safelinks.protection.outlook.com/?url=${encodeURIComponent(link)}&data=05%7C02`,
  );
}
