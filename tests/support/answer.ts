/** A form of a page, with what a browser would send of it. */
export interface PageForm {
  action: string;
  html: string;
  /** Of controls that a person would see checked, chosen or filled; buttons are not among them. */
  fields: [string, string][];
  /** The fields as an object, with others in place of some. */
  with(others: Record<string, string | string[]>): Record<string, string | string[]>;
}

/** A response that was read to its end. */
export class Answer {
  private constructor(
    readonly asked: Request,
    readonly status: number,
    readonly headers: Headers,
    readonly html: string,
  ) {}

  static async of(asked: Request, response: Response): Promise<Answer> {
    return new Answer(asked, response.status, response.headers, await response.text());
  }

  /** Where it leads, on this portal. */
  get location(): string | null {
    return this.headers.get('location');
  }

  /** What a person reads. */
  get text(): string {
    return textOf(this.html.replace(/<head>.*?<\/head>/s, ''));
  }

  get title(): string {
    return textOf(/<title>(.*?)<\/title>/s.exec(this.html)?.[1] ?? '');
  }

  /** The text of the page's first heading. */
  get heading(): string {
    return textOf(/<h1[^>]*>(.*?)<\/h1>/s.exec(this.html)?.[1] ?? '');
  }

  forms(): PageForm[] {
    return [...this.html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, attributes = '', html = '']) => ({
      action: attribute(attributes, 'action') ?? new URL(this.asked.url).pathname,
      html,
      fields: fieldsOf(html),
      with(others) {
        const fields: Record<string, string | string[]> = {};
        for (const [name, value] of this.fields) {
          const before = fields[name];
          fields[name] = before === undefined ? value : [before, value].flat();
        }
        return { ...fields, ...others };
      },
    }));
  }

  /** The form that has a control of that name. */
  form(control: string): PageForm {
    const found = this.forms().find((form) => form.html.includes(`name="${control}"`));
    if (!found) throw new Error(`No form with ${control} in: ${this.text.slice(0, 500)}`);
    return found;
  }

  /** Attributes of each element of that name. */
  elements(name: string): Record<string, string>[] {
    return [...this.html.matchAll(new RegExp(`<${name}\\b([^>]*)>`, 'g'))].map(([, attributes = '']) =>
      Object.fromEntries(
        [...attributes.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(([, key, value]) => [key!, decode(value ?? '')]),
      ),
    );
  }

  /** What the page says beside the field of that name. */
  errorOf(field: string): string {
    const control = new RegExp(`<[^>]* name="${field.replace(/[.[\]]/g, '\\$&')}"[^>]*>`).exec(this.html)?.[0] ?? '';
    const ids = (attribute(control, 'aria-describedby') ?? '').split(' ').filter((id) => id.endsWith('-errors'));
    return ids
      .map((id) =>
        textOf(new RegExp(`id="${id.replace(/[.[\]]/g, '\\$&')}"[^>]*>(.*?)</p>`, 's').exec(this.html)?.[1] ?? ''),
      )
      .join(' ');
  }
}

export function textOf(html: string): string {
  const bare = html
    .replace(/<(script|style)\b.*?<\/\1>/gs, '')
    .replace(/<!--.*?-->/gs, '')
    .replace(/<\/?(p|div|li|h\d|section|dt|dd|tr|td|th|option|label|br|ol|ul|button|legend|a)\b[^>]*>/g, ' ')
    .replace(/<[^>]*>/g, '');
  return decode(bare)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();
}

export function decode(html: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };
  return html.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, number, name) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (number) return String.fromCodePoint(Number(number));
    return named[name] ?? whole;
  });
}

function fieldsOf(html: string): [string, string][] {
  const fields: [string, string][] = [];
  for (const [whole, tag, attributes = '', content = ''] of html.matchAll(
    /<(input)\b([^>]*)>|<(?:textarea|select)\b[^>]*>.*?<\/(?:textarea|select)>/gs,
  )) {
    if (tag === 'input') {
      const name = attribute(attributes, 'name');
      const type = attribute(attributes, 'type') ?? 'text';
      const idle = (type === 'checkbox' || type === 'radio') && !/\schecked\b/.test(attributes);
      if (name && !idle) fields.push([name, attribute(attributes, 'value') ?? (type === 'checkbox' ? 'on' : '')]);
      continue;
    }
    const [, open = '', body = ''] = /^<\w+\b([^>]*)>(.*)<\/\w+>$/s.exec(whole) ?? [];
    const name = attribute(open, 'name');
    if (name) fields.push([name, whole.startsWith('<select') ? chosen(body) : decode(body).replace(/^\n/, '')]);
    void content;
  }
  return fields;
}

function chosen(options: string): string {
  const all = [...options.matchAll(/<option\b([^>]*)>/g)].map(([, attributes = '']) => attributes);
  return attribute(all.find((one) => /\sselected\b/.test(one)) ?? all[0] ?? '', 'value') ?? '';
}

function attribute(attributes: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];
  return value === undefined ? undefined : decode(value);
}
