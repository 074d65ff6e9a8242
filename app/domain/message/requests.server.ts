import { createHash } from 'node:crypto';
import { z } from 'zod';
import { instant, json, newId } from '#db/ids';
import type { Id } from '#db/schema';
import { type Write, write } from '#db/write';
import { confirmMessage as confirmMail } from '#emails/confirm-message';
import { renderMail } from '#emails/mail';
import { claimMailbox } from '../account/commands.server';
import { countAttempt } from '../account/limits.server';
import { createLink, LINK_LIFE, liveLink, spendLink } from '../account/links.server';
import { mailboxFor } from '../account/mailboxes.server';
import { provenChallenge, spendProof } from '../account/proof.server';
import { ownerName, viewerOf } from '../account/queries.server';
import { personKey } from '../account/schema';
import { hasAnyRole } from '../account/viewer';
import { MINUTE } from '../clock';
import type { Conference } from '../conference/queries.server';
import type { DomainContext } from '../context';
import { enqueue } from '../mail/outbox.server';
import type { Host } from './queries.server';
import type { GuestMessageInput } from './schema';
import { beginThread, type MessagePaper, type Refusal, type Sent } from './thread.server';

/**
 * Someone not signed in: keeps the message and sends a link that carries none of it. Known or unknown, the same work.
 * `proof`: the proof of work is none, old, or spent already; `links`: so many have gone to that address that none is
 * added, and nothing was kept; whoever signs in can send it.
 */
export async function requestMessage(
  ctx: DomainContext,
  conference: Conference,
  paper: MessagePaper,
  input: GuestMessageInput,
  guest: { network: string; proof: string },
): Promise<Sent | { ok: false; reason: 'proof' } | { ok: false; reason: 'links' }> {
  const form = createHash('sha256')
    .update(JSON.stringify([paper.submissionId, input]))
    .digest('base64url');
  const challenge = await provenChallenge(ctx, guest.proof);
  if (!challenge) return { ok: false, reason: 'proof' };
  return write(ctx.db, async (trx) => {
    // Sent once more since its answer was lost: it has been done.
    if (await isKept(trx, form)) return { ok: true };
    const retryAt = await countAttempt(trx, ctx, 'signInMailFrom', guest.network);
    if (retryAt) return { ok: false, reason: 'limit', limit: 'signInMailFrom', retryAt };
    // Used up only where nothing else refuses, so that the same form can be sent again.
    if (!(await spendProof(trx, ctx, challenge))) return { ok: false, reason: 'proof' };
    const mailboxId = await mailboxFor(trx, ctx.clock, input.address);
    if (await countAttempt(trx, ctx, 'signInMail', personKey(input.address))) return { ok: false, reason: 'links' };
    const full = await countAttempt(trx, ctx, 'signInMailAnywhere', '');
    if (full) return { ok: false, reason: 'limit', limit: 'signInMailAnywhere', retryAt: full };
    const next = `/${conference.slug}/papers/${encodeURIComponent(paper.ref)}`;
    const { id: linkId, token } = await createLink(trx, ctx.clock, { purpose: 'confirm_message', mailboxId, next });
    await trx
      .insertInto('message_requests')
      .values({
        id: newId(),
        link_id: linkId,
        submission_id: paper.submissionId,
        name: input.name,
        author_ids: json(input.to),
        subject: input.subject,
        body: input.body,
        discloses: input.consent ? 1 : 0,
        form,
        created_at: instant(ctx.clock.now()),
      })
      .execute();
    const portal = new URL(ctx.config.origin).host;
    const mail = renderMail(confirmMail, {
      url: `${ctx.config.origin}/confirm/${token}`,
      portal,
      minutes: LINK_LIFE / MINUTE,
    });
    await enqueue(trx, ctx, [{ to: mailboxId, mail, fromName: 'Colloquy', dedupeKey: `link:${linkId}` }]);
    return { ok: true };
  });
}

async function isKept(trx: Write, form: string): Promise<boolean> {
  return (
    (await trx.selectFrom('message_requests').select('id').where('form', '=', form).executeTakeFirst()) !== undefined
  );
}

export interface PendingMessage {
  conference: { slug: string; name: string; timeZone: string };
  paper: { ref: string; title: string };
  /** As the authors will read it: the account's where there is one, and not what was typed. */
  name: string;
  subject: string;
  body: string;
}

/** What a confirmation link would send. Reading it confirms nothing: scanners follow links. Null: used or expired. */
export async function pendingMessage(ctx: DomainContext, token: string): Promise<PendingMessage | null> {
  const link = await liveLink(ctx.db, ctx.clock, 'confirm_message', token);
  const request = link && (await requestOf(ctx.db, link.id));
  if (!request) return null;
  const { conference, paper, subject, body } = request;
  const name = (await ownerName(ctx.db, link.mailboxId)) || request.name;
  return { conference, paper: { ref: paper.ref, title: paper.title }, name, subject, body };
}

export type Confirmed =
  | { ok: true; accountId: Id<'account'>; next: string }
  | { ok: false; reason: 'dead' }
  | ({ ok: false } & Refusal);

/** Sends what was confirmed. The reader of the mailbox is now known: an account is made if there is none. */
export async function confirmMessage(
  ctx: DomainContext,
  token: string,
  network: string | null = null,
): Promise<Confirmed> {
  return write(ctx.db, async (trx) => {
    const link = await liveLink(trx, ctx.clock, 'confirm_message', token);
    const request = link && (await requestOf(trx, link.id));
    if (!request || !(await spendLink(trx, ctx.clock, link.id))) return { ok: false, reason: 'dead' };
    const { accountId } = (await claimMailbox(trx, ctx, link.mailboxId, request.name))!;
    const { name } = await trx
      .selectFrom('accounts')
      .select('name')
      .where('id', '=', accountId)
      .executeTakeFirstOrThrow();
    const participates = hasAnyRole(await viewerOf(trx, accountId, name), request.conference.id);
    const { id: key, to, subject, body, discloses: consent } = request;
    const input = { key, to, subject, body, consent };
    const sent = await beginThread(
      trx,
      ctx,
      request.conference,
      request.paper,
      { accountId, name, mailboxId: link.mailboxId, participates, network },
      input,
    );
    if (!sent.ok) {
      // The link stays good for when it may be tried again.
      await trx.updateTable('links').set({ used_at: null }).where('id', '=', link.id).execute();
      return sent;
    }
    await trx.deleteFrom('message_requests').where('id', '=', request.id).execute();
    return { ok: true, accountId, next: link.next };
  });
}

/** Throws away what somebody wrote in another's name. */
export async function discardMessage(ctx: DomainContext, token: string): Promise<void> {
  await write(ctx.db, async (trx) => {
    const link = await liveLink(trx, ctx.clock, 'confirm_message', token);
    if (!link) return;
    await spendLink(trx, ctx.clock, link.id);
    await trx.deleteFrom('message_requests').where('link_id', '=', link.id).execute();
  });
}

/** A kept message with the paper as it is published now; null where it is gone. */
async function requestOf(db: Write | DomainContext['db'], linkId: Id<'link'>) {
  const row = await db
    .selectFrom('message_requests')
    .innerJoin('submissions', 'submissions.id', 'message_requests.submission_id')
    .innerJoin('papers', 'papers.submission_id', 'submissions.id')
    .innerJoin('submission_versions', 'submission_versions.id', 'papers.version_id')
    .innerJoin('conferences', 'conferences.id', 'submissions.conference_id')
    .select([
      'message_requests.id',
      'message_requests.name',
      'message_requests.subject',
      'message_requests.body',
      'message_requests.discloses',
      'author_ids',
      'submissions.id as submissionId',
      'papers.version_id as versionId',
      'submissions.ref',
      'submission_versions.title',
      'conferences.id as conferenceId',
      'conferences.slug',
      'conferences.name as conferenceName',
      'conferences.ends_on as endsOn',
      'conferences.letters_weeks as lettersWeeks',
      'conferences.time_zone as timeZone',
    ])
    .where('link_id', '=', linkId)
    .executeTakeFirst();
  if (!row) return null;
  return {
    id: row.id,
    name: row.name,
    subject: row.subject,
    body: row.body,
    discloses: row.discloses === 1,
    to: z.array(z.string()).parse(JSON.parse(row.author_ids)),
    paper: {
      submissionId: row.submissionId,
      versionId: row.versionId,
      ref: row.ref,
      title: row.title,
    } satisfies MessagePaper,
    conference: {
      id: row.conferenceId,
      slug: row.slug,
      name: row.conferenceName,
      endsOn: row.endsOn,
      lettersWeeks: row.lettersWeeks,
      timeZone: row.timeZone,
    } satisfies Host,
  };
}
