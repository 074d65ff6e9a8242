/** A line of a text that came by mail. */
export interface Line {
  /** How often it is quoted: 0 is what the writer says. */
  depth: number;
  /** Without the marks of quotation. */
  text: string;
  /** With them, as it goes on where it stays. */
  raw: string;
}

const LINE_ENDS = /\r\n|[\r\u0085\u2028\u2029]/g;

/** The lines of a plain text as most programs write it: each as it stands. */
export function plainLines(text: string): Line[] {
  return text
    .replace(LINE_ENDS, '\n')
    .split('\n')
    .map((raw) => {
      let at = 0;
      let depth = 0;
      for (let look = 0; look < raw.length && look - at <= 1; look++)
        if (raw[look] === '>') {
          depth++;
          at = look + 1;
        } else if (raw[look] !== ' ' && raw[look] !== '\t') break;
      return { depth, text: depth > 0 && raw[at] === ' ' ? raw.slice(at + 1) : raw.slice(at), raw };
    });
}

/**
 * The same of `format=flowed` (RFC 3676, 4): a line that ends with a space goes on in the next of the same depth. With
 * `delSp` that space is none of the text's.
 */
export function flowedLines(text: string, delSp: boolean): Line[] {
  const lines: Line[] = [];
  const paragraph: string[] = [];
  let open: number | null = null;
  const end = () => {
    if (open === null) return;
    lines.push(quoted(paragraph.join(''), open));
    paragraph.length = 0;
    open = null;
  };
  for (const raw of text.replace(LINE_ENDS, '\n').split('\n')) {
    let depth = 0;
    while (raw[depth] === '>') depth++;
    // A space was put before what would else have another meaning.
    const content = raw[depth] === ' ' ? raw.slice(depth + 1) : raw.slice(depth);
    if (open !== null && open !== depth) end();
    const signature = content === '-- ';
    if (signature) end();
    const flows = content.endsWith(' ') && !signature;
    paragraph.push(flows && delSp ? content.slice(0, -1) : content);
    open = depth;
    if (!flows) end();
  }
  end();
  return lines;
}

/** A line as it is written where it is quoted. */
export function quoted(text: string, depth: number): Line {
  return { depth, text, raw: depth > 0 ? `${'>'.repeat(Math.min(depth, 20))} ${text}` : text };
}
