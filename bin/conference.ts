import type { AppContext } from '~/context.server';
import { createConference as create } from '~/domain/conference/commands.server';
import { type Conference, conferenceBySlug, conferences } from '~/domain/conference/queries.server';
import { conferenceSchema, slugSchema } from '~/domain/conference/schema';
import { formatDates, formatInstant } from '~/domain/zoned-time';
import { Failure, type Io } from './io';

interface NewConferenceOptions {
  slug: string;
  name: string;
  timeZone: string;
  refPrefix: string;
  starts?: string;
  ends?: string;
  opens?: string;
  closes?: string;
}

const HINTS: Record<string, string> = {
  slug: '--slug takes lower-case letters and digits, parted by single hyphens, and no name of a page of the portal',
  name: '--name takes 1 to 200 characters',
  timeZone: '--time-zone takes an IANA name such as Asia/Almaty',
  refPrefix: '--ref-prefix takes at most 8 capital letters',
  startsOn: '--starts takes a date such as 2027-06-02',
  endsOn: '--ends takes a date such as 2027-06-05, not before --starts',
  opensAt: '--opens takes a time such as 2027-01-10T09:00',
  closesAt: '--closes takes a time such as 2027-02-01T23:59, after --opens',
};

export async function createConference(app: AppContext, io: Io, options: NewConferenceOptions): Promise<number> {
  const { starts, ends, opens, closes, ...rest } = options;
  const slug = slugSchema.safeParse(options.slug);
  const input = conferenceSchema.safeParse({
    ...rest,
    revision: 0,
    startsOn: starts,
    endsOn: ends,
    opensAt: opens,
    closesAt: closes,
  });
  if (!slug.success || !input.success) {
    const fields = [
      ...(slug.success ? [] : ['slug']),
      ...(input.error?.issues.map((issue) => String(issue.path[0])) ?? []),
    ];
    throw new Failure([...new Set(fields)].map((field) => HINTS[field] ?? field).join('\n'));
  }
  if (!(await create(app, { ...input.data, slug: slug.data })))
    throw new Failure(`There is a conference ${slug.data} already.`);
  io.stdout.write(`Made ${input.data.name}: ${app.config.origin}/${slug.data}\n`);
  return 0;
}

export async function listConferences(app: AppContext, io: Io): Promise<number> {
  const all = await conferences(app.db);
  if (all.length === 0)
    io.stdout.write(
      'There is no conference yet. To make one: npm run colloquy -- conference create --slug SLUG --name NAME\n',
    );
  const width = Math.max(...all.map((conference) => conference.slug.length));
  for (const { slug, name, ...conference } of all) {
    const facts = [name, formatDates(conference.startsOn, conference.endsOn), submissionWindow(conference)];
    io.stdout.write(`${slug.padEnd(width)}  ${facts.filter(Boolean).join('; ')}\n`);
  }
  return 0;
}

/** The conference of an option, or a failure that says how to find its name. */
export async function knownConference(app: AppContext, slug: string): Promise<Conference> {
  const conference = await conferenceBySlug(app.db, slug);
  if (!conference)
    throw new Failure('There is no such conference. To see which there are: npm run colloquy -- conference list');
  return conference;
}

function submissionWindow({
  opensAt,
  closesAt,
  timeZone,
}: Pick<Conference, 'opensAt' | 'closesAt' | 'timeZone'>): string {
  const edges = [
    opensAt && `from ${formatInstant(opensAt, timeZone)}`,
    closesAt && `until ${formatInstant(closesAt, timeZone)}`,
  ].filter(Boolean);
  return edges.length > 0 ? `submissions ${edges.join(' ')}` : '';
}
