import { type QuoteType, Tokenizer } from 'htmlparser2';
import { type Line, quoted } from './lines';

/**
 * The lines of HTML as a person reads it: paragraphs, lists and quotations as such, links with where they lead. Takes
 * time in proportion to the text, and reads `MAX_TEXT` of it: the tokens of HTML are looked at, and no tree is made of them.
 */
export function htmlLines(html: string): Line[] {
  const reader = new Reader(html);
  const tokenizer = new Tokenizer({ decodeEntities: true, xmlMode: false }, reader);
  tokenizer.write(html);
  tokenizer.end();
  return reader.lines;
}

/** In characters of what a person reads: far more than people write. */
export const MAX_TEXT = 192 * 1024;

const PARAGRAPHS = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'dl', 'table', 'pre', 'blockquote']);
const BLOCKS = new Set(
  'address article aside center dd details div dt fieldset figcaption figure footer form header li main nav section summary tr'.split(
    ' ',
  ),
);
/** What nobody reads. */
const UNREAD = new Set('head script style title template noscript object svg math select textarea iframe'.split(' '));
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

class Reader {
  readonly lines: Line[] = [];
  readonly #html: string;
  #depth = 0;
  #text = '';
  /** Whether the last that was read was white: one blank stands for many. */
  #white = true;
  #gap = false;
  #room = MAX_TEXT;
  #pre = 0;
  /** The element within which nothing is read, and how many of its name are open. */
  #unread = '';
  #unreadOpen = 0;
  #lists: (number | null)[] = [];
  #link: { href: string; from: number } | null = null;
  #tag = '';
  #attribute = '';
  #value = '';
  #attributes = new Map<string, string>();

  constructor(html: string) {
    this.#html = html;
  }

  ontext(start: number, end: number): void {
    this.#read(this.#html.slice(start, end));
  }

  ontextentity(codepoint: number): void {
    this.#read(String.fromCodePoint(codepoint));
  }

  oncdata(start: number, end: number, offset: number): void {
    this.#read(this.#html.slice(start, end - offset));
  }

  onopentagname(start: number, end: number): void {
    this.#tag = this.#html.slice(start, end).toLowerCase();
    this.#attributes.clear();
  }

  onattribname(start: number, end: number): void {
    this.#attribute = this.#html.slice(start, end).toLowerCase();
    this.#value = '';
  }

  onattribdata(start: number, end: number): void {
    // A picture that stands in the text is as long as a book.
    if (this.#attribute !== 'src' && end - start < 4_000) this.#value += this.#html.slice(start, end);
  }

  onattribentity(codepoint: number): void {
    if (this.#value.length < 4_000) this.#value += String.fromCodePoint(codepoint);
  }

  onattribend(_quote: QuoteType): void {
    if (!this.#attributes.has(this.#attribute)) this.#attributes.set(this.#attribute, this.#value);
  }

  onopentagend(): void {
    this.#open(this.#tag);
  }

  onselfclosingtag(): void {
    this.#open(this.#tag);
    if (!VOID.has(this.#tag) && this.#unread === this.#tag) this.#close(this.#tag);
  }

  onclosetag(start: number, end: number): void {
    this.#close(this.#html.slice(start, end).trim().toLowerCase());
  }

  onend(): void {
    this.#endLine();
  }

  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}

  #open(tag: string): void {
    if (this.#unread) {
      if (tag === this.#unread) this.#unreadOpen++;
      return;
    }
    const hidden = /display\s{0,3}:\s{0,3}none/i.test(this.#attributes.get('style') ?? '');
    if (!VOID.has(tag) && (hidden || UNREAD.has(tag))) {
      this.#unread = tag;
      this.#unreadOpen = 1;
      return;
    }
    switch (tag) {
      case 'br':
        this.#breakLine();
        return;
      case 'hr':
        this.#endLine();
        this.lines.push(quoted('_'.repeat(32), this.#depth));
        return;
      case 'img':
        this.#read(pictured(this.#attributes));
        return;
      case 'a':
        this.#endLink();
        this.#link = { href: this.#attributes.get('href') ?? '', from: this.#text.length };
        return;
      case 'td':
      case 'th':
        if (this.#text) this.#read(' \u00a0 ');
        return;
    }
    this.#block(tag);
    if (tag === 'blockquote') this.#depth++;
    if (tag === 'pre') this.#pre++;
    if (tag === 'ul') this.#lists.push(null);
    if (tag === 'ol') this.#lists.push(0);
    if (tag === 'li') this.#read(this.#marker());
  }

  #close(tag: string): void {
    if (this.#unread) {
      if (tag === this.#unread && --this.#unreadOpen === 0) this.#unread = '';
      return;
    }
    if (tag === 'a') this.#endLink();
    this.#block(tag);
    if (tag === 'blockquote') this.#depth = Math.max(0, this.#depth - 1);
    if (tag === 'pre') this.#pre = Math.max(0, this.#pre - 1);
    if (tag === 'ul' || tag === 'ol') this.#lists.pop();
  }

  #block(tag: string): void {
    if (!PARAGRAPHS.has(tag) && !BLOCKS.has(tag)) return;
    this.#endLine();
    // Lists within lists stand close.
    if (PARAGRAPHS.has(tag) && !((tag === 'ul' || tag === 'ol') && this.#lists.length > 1)) this.#gap = true;
  }

  #marker(): string {
    const count = this.#lists.at(-1);
    if (typeof count === 'number') this.#lists[this.#lists.length - 1] = count + 1;
    return `${'  '.repeat(Math.min(Math.max(this.#lists.length - 1, 0), 8))}${typeof count === 'number' ? `${count + 1}.` : '•'} `;
  }

  #read(text: string): void {
    if (this.#unread) return;
    if (this.#pre > 0) {
      const [first = '', ...others] = text.replace(/\r\n?/g, '\n').split('\n');
      this.#add(first);
      for (const line of others) {
        this.#breakLine();
        this.#add(line);
      }
      return;
    }
    // No-break spaces are what programs put for a second blank.
    const even = text.replace(/[\s\u00a0]+/g, ' ');
    this.#add(this.#white && even.startsWith(' ') ? even.slice(1) : even);
  }

  #add(text: string): void {
    if (!text || this.#room <= 0) return;
    this.#room -= text.length;
    this.#text += text;
    this.#white = text.endsWith(' ');
  }

  #endLink(): void {
    const link = this.#link;
    this.#link = null;
    if (!link || !/^https?:\/\//i.test(link.href)) return;
    const said = this.#text.slice(link.from).trim();
    // A picture that leads somewhere says nothing, and a link that is shown needs no second time.
    if (!said || isSameLink(said, link.href)) return;
    const blank = this.#text.endsWith(' ') ? ' ' : '';
    this.#text = `${this.#text.trimEnd()} (${link.href})${blank}`;
  }

  /** At the end of a line that is one even where nothing stands in it. */
  #breakLine(): void {
    if (this.#text.trim() || this.#gap) this.#endLine();
    else this.lines.push(quoted('', this.#depth));
    this.#white = true;
  }

  #endLine(): void {
    this.#endLink();
    // RFC 3676's mark of a signature is one with its blank.
    const text = this.#text.trim() === '--' && this.#text.endsWith(' ') ? '-- ' : this.#text.trimEnd();
    this.#text = '';
    this.#white = true;
    if (!text) return;
    if (this.#gap && this.lines.length > 0 && this.lines.at(-1)!.text !== '') this.lines.push(quoted('', this.#depth));
    this.#gap = false;
    this.lines.push(quoted(text, this.#depth));
  }
}

function isSameLink(said: string, href: string): boolean {
  const bare = (link: string) =>
    link
      .replace(/^https?:\/\//i, '')
      .replace(/\/+$/, '')
      .toLowerCase();
  return bare(said) === bare(href);
}

/** Signs that mail programs draw as pictures. */
function pictured(attributes: Map<string, string>): string {
  const alt = attributes.get('alt') ?? '';
  return /^\p{Extended_Pictographic}[\p{Emoji_Component}\p{Extended_Pictographic}]{0,10}$/u.test(alt) ? alt : '';
}
