/** What the portal has said itself, so that it is known again where it comes back. */
export interface OurLetters {
  /** What frames the words of people in letters: leads, links, notes; each as it was sent. */
  frames: string[];
  /** What people have written to each other, as letters carried it. */
  bodies: string[];
  /** Under which names the letters came: `Dilnoza Example via Central Asian Studies`, and the people's own. */
  senders: string[];
  people: string[];
  subjects: string[];
  /** Whether a word is an address or link of the portal's that acts for whoever has it. */
  isOwnLink(word: string): boolean;
}

export interface Token {
  word: string;
  start: number;
  end: number;
}

const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** Scripts that put no blanks between words: Thai to Lao, Burmese, Khmer, kana and Chinese characters. */
const UNPARTED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
const ASCII = /^[ -~]*$/;

/** The words of a text, without whatever programs do to blanks, quotes, dashes and capitals. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (ASCII.test(word)) tokens.push({ word: word.toLowerCase(), start: index, end: index + word.length });
    else if (!UNPARTED.test(word)) tokens.push({ word: folded(word), start: index, end: index + word.length });
    else {
      let start = index;
      for (const character of word) {
        tokens.push({ word: folded(character), start, end: start + character.length });
        start += character.length;
      }
    }
  }
  return tokens;
}

function folded(word: string): string {
  return word.normalize('NFKC').toLowerCase();
}

/** So many words in a row are nobody's by chance. */
const GRAM = 4;
/** Places in our letters that are looked at for the same words. */
const MAX_PLACES = 8;
/** Of our letters, in words: the newest come first. */
const MAX_WORDS = 200_000;

export interface Match {
  /** The place in our letters; -1: none of ours. */
  at: number;
  /** Whether it is of what frames people's words. */
  frame: boolean;
}

/** Finds our words in others'. Takes time in proportion to both. */
export class OurWords {
  readonly #words: string[] = [];
  readonly #frames: boolean[] = [];
  readonly #places = new Map<string, number[]>();
  readonly #short = new Map<string, number[]>();
  readonly #senders: string[];
  readonly #subjects: string[];
  readonly #people: string[];
  readonly isOwnLink: (word: string) => boolean;
  /** One of them stands in every text that names somebody of ours, or what it is about. */
  readonly #telling: Set<string>;

  constructor(ours: OurLetters) {
    for (const [texts, frame] of [
      [ours.frames, true],
      [ours.bodies, false],
      [ours.subjects, true],
    ] as const)
      for (const text of texts) this.#add(text, frame);
    for (let at = 0; at < this.#words.length; at++) {
      for (const [map, length] of [
        [this.#places, GRAM],
        [this.#short, 1],
      ] as const) {
        const key = this.#words.slice(at, at + length).join(' ');
        const known = map.get(key);
        if (!known) map.set(key, [at]);
        else if (known.length < MAX_PLACES) known.push(at);
      }
    }
    this.#senders = namesOf(ours.senders);
    this.#subjects = namesOf(ours.subjects);
    this.#people = namesOf(ours.people);
    this.isOwnLink = ours.isOwnLink;
    this.#telling = new Set(
      [...this.#senders, ...this.#subjects, ...this.#people].map((name) => name.trim().split(' ')[0]!),
    );
  }

  #add(text: string, frame: boolean): void {
    for (const { word } of tokensOf(text)) {
      if (this.#words.length >= MAX_WORDS) return;
      this.#words.push(word);
      this.#frames.push(frame);
    }
    // Nothing runs from one letter into the next.
    this.#words.push(`\n${this.#words.length}`);
    this.#frames.push(frame);
  }

  /** For each word of a text where it stands in ours; words in a row go on in a row. */
  matches(words: readonly string[]): Match[] {
    const found: Match[] = [];
    let last = -1;
    for (let at = 0; at < words.length; at++) {
      const before = found[at - 1]?.at ?? -1;
      let place = before >= 0 && this.#words[before + 1] === words[at] ? before + 1 : -1;
      if (place < 0) {
        const places = this.#places.get(words.slice(at, at + GRAM).join(' ')) ?? [];
        // Of several the one that goes on from what was found last.
        place = places.find((one) => one > last) ?? places[0] ?? -1;
      }
      if (place >= 0) last = place;
      found.push({ at: place, frame: place >= 0 && this.#frames[place]! });
    }
    return found;
  }

  /** Whether a few words stand in ours in this row, as where a line of a quotation holds no more. */
  holds(words: readonly string[]): boolean {
    return (this.#short.get(words[0] ?? '') ?? []).some((place) =>
      words.every((word, offset) => this.#words[place + offset] === word),
    );
  }

  /** Whether a line with these words may name anybody at all: asked before it is looked at closely. */
  mayName({ text, tokens }: { text: string; tokens: readonly Token[] }): boolean {
    return tokens.some(({ word }) => this.#telling.has(word)) || text.includes('@');
  }

  /** Whether a text names whom our letters came from, as they were called there. */
  namesSender(text: string): boolean {
    return holdsOneOf(this.#senders, text) || this.isOurs(text);
  }

  /** Whether it names what they were about: words that anybody may use. */
  namesSubject(text: string): boolean {
    return holdsOneOf(this.#subjects, text);
  }

  /** Whether it names one of the people by their own name. */
  namesPerson(text: string): boolean {
    return holdsOneOf(this.#people, text);
  }

  /** Whether an address or link of the portal's stands in a text. */
  isOurs(text: string): boolean {
    return /[@/%]|-[0-9a-v]{26}/i.test(text) && text.split(/\s+/).some(this.isOwnLink);
  }
}

/** The words of a text with one blank between and about them, so that whole words are found in it. */
function spaced(text: string): string {
  return ` ${tokensOf(text)
    .map(({ word }) => word)
    .join(' ')} `;
}

/** Names as they are looked for. What is shorter stands in any text. */
function namesOf(texts: readonly string[]): string[] {
  return texts.map(spaced).filter((name) => name.trim().length > 3);
}

function holdsOneOf(names: readonly string[], text: string): boolean {
  const words = spaced(text);
  return names.some((name) => words.includes(name));
}
