/** A piece of a mail. The text and the HTML part are both made of the same pieces, so they cannot differ. */
export type Block =
  | { paragraph: string }
  /** Words that a person wrote, set apart from ours. */
  | { quote: string }
  | { action: string; url: string }
  /** Small print: why this mail came and how to stop it. */
  | { note: string; url?: string };

export function toText(blocks: Block[]): string {
  return `${blocks.map(textOf).join('\n\n')}\n`;
}

function textOf(block: Block): string {
  if ('paragraph' in block) return block.paragraph;
  if ('quote' in block) return barred(block.quote);
  if ('action' in block) return `${block.action}:\n${block.url}`;
  return block.url ? `${block.note}\n${block.url}` : `-- \n${block.note}`;
}

export function toHtml(blocks: Block[]): string {
  return blocks.map(htmlOf).join('\n');
}

/** A bar before each line, as HTML draws one: what somebody writes cannot pass for what the portal says. */
function barred(words: string): string {
  return words
    .split('\n')
    .map((line) => `| ${line}`.trimEnd())
    .join('\n');
}

function htmlOf(block: Block): string {
  if ('paragraph' in block) return `<p dir="auto">${lines(block.paragraph)}</p>`;
  if ('quote' in block) {
    return `<blockquote dir="auto" style="margin:16px 0;padding:4px 16px;border-inline-start:3px solid #b9c3d0;white-space:pre-wrap">${escapeHtml(block.quote)}</blockquote>`;
  }
  if ('action' in block) {
    return `<p><a href="${escapeHtml(block.url)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#1f4b7a;color:#ffffff;text-decoration:none">${escapeHtml(block.action)}</a></p>
<p style="color:#55606e;font-size:13px;word-break:break-all">${escapeHtml(block.url)}</p>`;
  }
  if (block.url)
    return `<p style="color:#55606e;font-size:13px;word-break:break-all">${lines(block.note)}<br><a href="${escapeHtml(block.url)}" style="color:#55606e">${escapeHtml(block.url)}</a></p>`;
  return `<p style="margin-top:28px;border-top:1px solid #d8dee6;padding-top:12px;color:#55606e;font-size:13px">${lines(block.note)}</p>`;
}

/** No remote image, no script, no style sheet: nothing that tells anyone that the mail was read. */
export function page(title: string, content: string, locale: string): string {
  return `<!doctype html>
<html lang="${escapeHtml(locale)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title></head>
<body style="margin:0 auto;padding:24px;max-width:36em;font:16px/1.5 system-ui,sans-serif;color:#1b2430;background:#ffffff">
${content}
</body>
</html>
`;
}

function lines(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>');
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
