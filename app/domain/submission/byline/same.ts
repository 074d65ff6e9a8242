import type { Viewer } from '../../account/viewer';
import type { AuthorInput } from '../schema';
import type { Author } from './authors.server';

/** Whether a form says of the byline what stands there already: the same people, spelt the same, in the same order. */
export function isSameByline(typed: readonly AuthorInput[], before: readonly Author[], viewer: Viewer): boolean {
  return (
    typed.length === before.length &&
    typed.every((author, index) => {
      const line = before[index]!;
      return (
        author.id === line.id &&
        !author.address &&
        !author.forgetAddress &&
        author.me === (line.accountId === viewer.accountId) &&
        author.name === line.name &&
        author.affiliation === line.affiliation &&
        (author.orcid ?? null) === line.orcid &&
        author.presenter === line.presenter
      );
    })
  );
}
