import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { newId } from '#db/ids';
import type { Id, Role, SubmissionState } from '#db/schema';
import { write } from '#db/write';
import { createAccount, grantRole, setPassword } from '~/domain/account/commands.server';
import { verifyMailbox } from '~/domain/account/mailbox-owners.server';
import { mailboxFor } from '~/domain/account/mailboxes.server';
import { newChallenge } from '~/domain/account/proof.server';
import { viewerOf } from '~/domain/account/queries.server';
import { addressKey } from '~/domain/account/schema';
import type { Viewer } from '~/domain/account/viewer';
import { createConference, insertFormat, insertTheme } from '~/domain/conference/commands.server';
import { type Conference, conferenceBySlug, type Format, type Theme } from '~/domain/conference/queries.server';
import type { DomainContext } from '~/domain/context';
import { type Author, authorsOf } from '~/domain/submission/byline/authors.server';
import { createSubmission, move } from '~/domain/submission/commands.server';
import { publishSubmissions } from '~/domain/submission/publication.server';
import { submissionByRef } from '~/domain/submission/queries.server';
import { submissionSchema } from '~/domain/submission/schema';
import type { Visitor } from './portal';

export interface World extends Conference {
  formats: Format[];
  themes: Theme[];
}

/** A conference with two formats and two themes, open for submissions. */
export async function makeConference(
  ctx: DomainContext,
  conference: Partial<Parameters<typeof createConference>[1]> = {},
): Promise<World> {
  const slug = conference.slug ?? 'cas-2027';
  const id = await createConference(ctx, {
    name: 'Central Asia 2027',
    timeZone: 'Asia/Almaty',
    refPrefix: 'T',
    startsOn: '2027-06-02',
    endsOn: '2027-06-05',
    opensAt: new Date('2026-12-01T00:00:00.000Z'),
    closesAt: new Date('2027-02-01T18:59:00.000Z'),
    ...conference,
    slug,
  });
  if (!id) throw new Error(`${slug} is taken`);
  const formats: Format[] = [];
  const themes: Theme[] = [];
  await write(ctx.db, async (trx) => {
    for (const [name, wordLimit] of [
      ['Talk', 60],
      ['Poster', 30],
    ] as const)
      formats.push({ id: await insertFormat(trx, id, { name, wordLimit }), name, wordLimit });
    for (const name of ['History', 'Water']) themes.push({ id: await insertTheme(trx, id, name), name });
  });
  return { ...(await conferenceBySlug(ctx.db, slug))!, formats, themes };
}

export interface Person extends Visitor {
  accountId: Id<'account'>;
  name: string;
  address: string;
  /** As the domain sees them, with the roles of now. */
  viewer(): Promise<Viewer>;
}

/** Somebody who has signed in before: an account with a verified mailbox. */
export async function makePerson(
  ctx: DomainContext,
  name: string,
  options: { address?: string; roles?: [{ id: Id<'conference'> }, Role][]; password?: string } = {},
): Promise<Person> {
  const address = options.address ?? `${name.toLowerCase().replace(/\W+/g, '.')}@people.example`;
  const accountId = await write(ctx.db, async (trx) => {
    const id = await createAccount(trx, ctx, name);
    await verifyMailbox(trx, ctx.clock, await mailboxFor(trx, ctx.clock, address), id);
    for (const [conference, role] of options.roles ?? []) await grantRole(trx, ctx, id, conference.id, role);
    return id;
  });
  if (options.password) await setPassword(ctx, accountId, options.password);
  return { accountId, name, address, cookies: new Map(), viewer: () => viewerOf(ctx.db, accountId, name) };
}

/** Someone about whom the portal knows nothing. */
export function stranger(): Visitor {
  return { cookies: new Map() };
}

export interface AuthorOf {
  name: string;
  affiliation?: string;
  orcid?: string;
  /** The submitter's own account. */
  me?: boolean;
  /** Whoever has a verified mailbox there has said yes, unless `silent`; whoever has not has been asked. */
  address?: string;
  silent?: boolean;
  mayEdit?: boolean;
  contactable?: boolean;
  presenter?: boolean;
}

export interface Paper {
  id: Id<'submission'>;
  ref: string;
  title: string;
  versionId: Id<'version'>;
  authors: Author[];
}

/** A submission by that person in any state; `published` puts it into the programme. */
export async function makeSubmission(
  ctx: DomainContext,
  world: World,
  submitter: Person,
  options: {
    state?: SubmissionState | 'published';
    title?: string;
    abstract?: string;
    markdown?: boolean;
    keywords?: string;
    language?: string;
    format?: number;
    theme?: number;
    authors?: AuthorOf[];
  } = {},
): Promise<Paper> {
  const { state = 'submitted', format = 0, theme = 0, authors, ...rest } = options;
  const input = submissionSchema(world).parse({
    intent: state === 'draft' ? 'draft' : 'submit',
    title: 'Water, Borders and Trust',
    abstract: 'Who shares the water of a river that crosses three borders?',
    formatId: world.formats[format]!.id,
    themeId: world.themes[theme]!.id,
    authors: authors ?? [{ name: submitter.name, me: true, contactable: true, presenter: true }],
    ...rest,
  });
  const saved = await createSubmission(ctx, world, await submitter.viewer(), input);
  if (!saved.ok) throw new Error(`Refused: ${saved.reason}`);
  const { id } = (await submissionByRef(ctx.db, world.id, saved.ref))!;
  await confirmAuthors(ctx, id, authors);
  await write(ctx.db, async (trx) => {
    const from = { id, state: 'submitted' as const };
    if (state === 'accepted' || state === 'published') await move(trx, ctx, from, 'accept');
    if (state === 'rejected') await move(trx, ctx, from, 'reject');
    if (state === 'withdrawn') await move(trx, ctx, from, 'withdraw');
    if (state === 'published') await publishSubmissions(trx, ctx, world, [id]);
  });
  const { version } = (await submissionByRef(ctx.db, world.id, saved.ref))!;
  const byline = await authorsOf(ctx.db, version.id);
  return { id, ref: saved.ref, title: input.title, versionId: version.id, authors: byline };
}

/** Lets those authors say yes who have shown their address to be theirs. */
async function confirmAuthors(ctx: DomainContext, id: Id<'submission'>, authors: AuthorOf[] = []): Promise<void> {
  const silent = authors.filter((author) => author.silent).flatMap((author) => addressKey(author.address ?? ''));
  await ctx.db
    .updateTable('authors')
    .set((eb) => ({
      state: 'confirmed',
      account_id: eb
        .selectFrom('mailboxes')
        .select('mailboxes.account_id')
        .whereRef('mailboxes.id', '=', 'authors.mailbox_id'),
    }))
    .where('submission_id', '=', id)
    .where('mailbox_id', 'in', (eb) =>
      eb
        .selectFrom('mailboxes')
        .select('mailboxes.id')
        .where('verified_at', 'is not', null)
        .where('address_key', 'not in', ['', ...silent]),
    )
    .execute();
  // What asked them has been answered.
  await ctx.db
    .deleteFrom('outbox')
    .where('kind', '=', 'author-asked')
    .where('submission_id', '=', id)
    .where('mailbox_id', 'in', (eb) =>
      eb
        .selectFrom('authors')
        .select('authors.mailbox_id')
        .where('state', '=', 'confirmed')
        .$castTo<{ mailbox_id: Id<'mailbox'> }>(),
    )
    .execute();
}

/** The proof of work that a browser does for somebody who is not signed in. */
export async function proofOfWork(ctx: DomainContext): Promise<string> {
  const challenge = await newChallenge(ctx);
  return JSON.stringify({ challenge, solution: await solveChallenge({ challenge, deriveKey }) });
}

/** A message's form key, as a page makes one. */
export function newKey(): string {
  return newId();
}
