import { z } from 'zod';
import type { AppContext } from '~/context.server';
import { invite } from '~/domain/account/commands.server';
import { recoverAccount } from '~/domain/account/passkey/recover.server';
import { addressSchema, personNameSchema } from '~/domain/account/schema';
import { knownConference } from './conference';
import { Failure, type Io } from './io';

const accountSchema = z.object({
  email: addressSchema,
  role: z.enum(['author', 'reviewer', 'organiser', 'conduct']),
  name: personNameSchema.optional(),
});

const HINTS: Record<string, string> = {
  email: '--email takes one plain address',
  role: '--role takes author, reviewer, organiser or conduct',
  name: '--name takes a name of 1 to 120 characters, without an address or a link',
};

/** Says the same whether the person was known or not, and repeats no address. */
const NAMES = {
  author: 'an author',
  reviewer: 'a reviewer',
  organiser: 'an organiser',
  conduct: 'a conduct contact',
};

export async function createAccount(
  app: AppContext,
  io: Io,
  options: { email: string; role: string; conference: string; name?: string },
): Promise<number> {
  const parsed = accountSchema.safeParse(options);
  if (!parsed.success)
    throw new Failure(parsed.error.issues.map((issue) => HINTS[String(issue.path[0])] ?? issue.message).join('\n'));
  const { email, role, name = '' } = parsed.data;
  const conference = await knownConference(app, options.conference);
  const { mailed } = await invite(app, { address: email, name, role, conference });
  const way = !mailed
    ? 'They have been sent a mail about it today already.'
    : app.config.smtp
      ? 'The invitation is in the outbox; the running portal sends it.'
      : `Without SMTP_URL mail is not sent: see ${app.config.origin}/dev/mail`;
  io.stdout.write(`They are ${NAMES[role]} of ${conference.name} now. ${way}\n`);
  return 0;
}

/** For who has lost every passkey that their account asks for. Says the same whether the address is known or not. */
export async function recover(app: AppContext, io: Io, options: { email: string }): Promise<number> {
  const email = addressSchema.safeParse(options.email);
  if (!email.success) throw new Failure(HINTS.email!);
  await recoverAccount(app, email.data);
  io.stdout.write(
    'If somebody signs in with that address, their account has no passkeys any more and all its sessions have ended. A link by mail signs them in.\n',
  );
  return 0;
}
