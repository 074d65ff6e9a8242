/** An abstract: plain text as it was typed, or the HTML that the server made of its author's Markdown. */
export function Abstract({ text, html, language }: { text: string; html: string | null; language: string }) {
  const lang = language || undefined;
  if (html !== null) {
    // biome-ignore lint/security/noDangerouslySetInnerHtml: made by renderMarkdown, which lets no HTML through
    return <div className="abstract" dir="auto" lang={lang} dangerouslySetInnerHTML={{ __html: html }} />;
  }
  return (
    <div className="abstract plain" lang={lang}>
      {text.split(/\n[^\S\n]*\n+/).map((paragraph, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs have no other name
        <p key={index} dir="auto">
          {paragraph}
        </p>
      ))}
    </div>
  );
}
