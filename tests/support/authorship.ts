import type { Id } from '#db/schema';
import type { Viewer } from '~/domain/account/viewer';
import { sayYes } from '~/domain/authorship/commands.server';
import { authorsOf, reachOfAuthors } from '~/domain/submission/byline/authors.server';
import { editSubmission } from '~/domain/submission/commands.server';
import { submissionByRef } from '~/domain/submission/queries.server';
import { submissionSchema } from '~/domain/submission/schema';
import type { TestContext } from './context';
import { letters } from './inbox';
import type { Person, World } from './world';

/** The token of the newest mail that asks the reader of an address whether a paper is theirs. */
export async function askedToken(ctx: TestContext, address: string): Promise<string> {
  const mail = (await letters(ctx, address)).filter(({ kind }) => kind === 'author-asked').at(-1);
  const token = /\/authorship\/(\S+)/.exec(mail?.text ?? '')?.[1];
  if (!token) throw new Error('nobody has been asked there');
  return token;
}

/** Whoever reads that address says yes to the paper that they were asked about last. */
export async function yesFrom(ctx: TestContext, address: string, viewer: Viewer | null = null): Promise<void> {
  const answered = await sayYes(ctx, await askedToken(ctx, address), viewer, null);
  if (!answered.ok) throw new Error(answered.reason);
}

/** How the authors of a paper can be reached, by name. */
export async function reaches(ctx: TestContext, world: World, ref: string): Promise<Record<string, string>> {
  const { id, version } = (await submissionByRef(ctx.db, world.id, ref))!;
  const authors = await authorsOf(ctx.db, version.id);
  const reach = await reachOfAuthors(ctx.db, id, authors);
  return Object.fromEntries(authors.map((author) => [author.name, reach.get(author.id)!]));
}

export interface Line {
  id?: Id<'author'>;
  name: string;
  affiliation?: string;
  address?: string;
  me?: boolean;
  contactable?: boolean;
  mayEdit?: boolean;
  forgetAddress?: boolean;
}

/** Saves another byline, as the form of that person would. */
export async function saveAuthors(ctx: TestContext, world: World, person: Person, ref: string, authors: Line[]) {
  const { version, state } = (await submissionByRef(ctx.db, world.id, ref))!;
  const input = submissionSchema(world).parse({
    intent: state === 'draft' ? 'draft' : 'save',
    title: version.title,
    abstract: version.abstract,
    formatId: version.formatId,
    themeId: version.themeId,
    baseVersion: version.id,
    authors,
  });
  return editSubmission(ctx, world, await person.viewer(), ref, input);
}

/** How mail to an address fares, by kind. */
export async function fates(ctx: TestContext, address: string): Promise<string[]> {
  return (await letters(ctx, address)).map(({ kind, state }) => `${kind} ${state}`);
}
