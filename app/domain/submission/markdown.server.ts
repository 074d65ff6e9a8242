import MarkdownIt from 'markdown-it';
import sub from 'markdown-it-sub';
import sup from 'markdown-it-sup';
import type { Database } from '#db/open';
import type { Markup } from '#db/schema';
import { write } from '#db/write';
import { turn } from '../turn';

const BATCH = 100;

/** Emphasis, lists, links, sub- and superscript. HTML is shown as it was typed; links lead to the web and nowhere else. */
const markdown = new MarkdownIt('zero', { html: false, linkify: false, breaks: false })
  .enable(['paragraph', 'list', 'emphasis', 'link', 'escape', 'entity', 'newline', 'text'])
  .use(sub)
  .use(sup);

markdown.validateLink = (url) => /^https?:\/\//i.test(url);
markdown.renderer.rules.link_open = (tokens, index, options, _env, self) => {
  const token = tokens[index]!;
  // `[words]()` leads nowhere, and not to the page that it stands on.
  if (!token.attrGet('href')) return '<a>';
  token.attrSet('rel', 'nofollow noopener ugc');
  return self.renderToken(tokens, index, options);
};

/**
 * The parser compares each mark with those before it. No abstract needs so many; where one has them, each stands as it was
 * typed, and the text is parted into paragraphs alone.
 */
const MAX_MARKS = 2_000;
const MARK = /[*_~^[\]\\&]|^[^\S\n]*(?:[-+*]|\d{1,9}[.)])(?=\s|$)/gm;
const plain = new MarkdownIt('zero', { html: false, linkify: false, breaks: false });

/** The HTML of an abstract whose author chose Markdown. Safe to put into a page as it is. */
export function renderMarkdown(text: string): string {
  return (hasFewMarks(text) ? markdown : plain).render(text);
}

function hasFewMarks(text: string): boolean {
  let count = 0;
  for (const _ of text.matchAll(MARK)) if (++count > MAX_MARKS) return false;
  return true;
}

/** How an abstract is shown: as it was made when it was saved, or now where that was not kept yet; null: as plain text. */
export function htmlOf(version: { abstract: string; markup: Markup; html: string | null }): string | null {
  return version.markup === 'markdown' ? (version.html ?? renderMarkdown(version.abstract)) : null;
}

/** Renders what was saved before that was kept, some at a time. */
export async function renderUnrendered(db: Database): Promise<void> {
  for (;;) {
    const rows = await db
      .selectFrom('submission_versions')
      .select(['id', 'abstract'])
      .where('markup', '=', 'markdown')
      .where('html', 'is', null)
      .orderBy('id')
      .limit(BATCH)
      .execute();
    if (rows.length === 0) return;
    await write(db, async (trx) => {
      for (const { id, abstract } of rows)
        await trx
          .updateTable('submission_versions')
          .set({ html: renderMarkdown(abstract) })
          .where('id', '=', id)
          .execute();
    });
    await turn();
  }
}
