import MarkdownIt from 'markdown-it';
import sub from 'markdown-it-sub';
import sup from 'markdown-it-sup';

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

/** The HTML of an abstract whose author chose Markdown. Safe to put into a page as it is. */
export function renderMarkdown(text: string): string {
  return markdown.render(text);
}
