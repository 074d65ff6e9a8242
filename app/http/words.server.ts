type Field = [string, FormDataEntryValue];

/** What people write, and not what a form says by itself. Addresses stand on no page but their owner's. */
const WRITTEN = /^(title|abstract|keywords|subject|body|note|name|authors\[\d+\]\.(name|affiliation|orcid))$/;

/** Fields that are never kept and never shown again: passwords, and what a passkey has signed. */
export function isSecret(name: string): boolean {
  return name === 'password' || name === 'currentPassword' || name === 'response';
}

/** The words of a form: what somebody would miss. Never a password. */
export function wordsOf(form: Iterable<Field>): [string, string][] {
  return [...form].filter(
    (field): field is [string, string] =>
      typeof field[1] === 'string' && WRITTEN.test(field[0]) && field[1].trim() !== '',
  );
}
