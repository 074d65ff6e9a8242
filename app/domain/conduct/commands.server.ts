import { instant, newId } from '#db/ids';
import type { AuditAct, Id } from '#db/schema';
import { type Write, write } from '#db/write';
import { conductNamed } from '#emails/conduct-named';
import { conductNotice } from '#emails/conduct-notice';
import { renderMail } from '#emails/mail';
import { messageReported } from '#emails/message-reported';
import { invite, revokeRole } from '../account/commands.server';
import { countAttempt } from '../account/limits.server';
import { primaryMailbox } from '../account/mailbox-owners.server';
import type { Member } from '../account/queries.server';
import { liftSuspensions, suspend } from '../account/suspensions.server';
import type { Viewer } from '../account/viewer';
import type { DomainContext } from '../context';
import { enqueue } from '../mail/outbox.server';
import type { Host, Participant } from '../message/queries.server';
import { type Report, reportById } from './queries.server';
import type { Judgement, ReportInput } from './schema';

/**
 * Who is told: conduct contacts; nobody who may read it, as yet (`waits`); or it had been reported `before`, and what is
 * said now may have been `added` to that.
 */
export type Reported = { ok: true; to: 'contacts' | 'waits' | 'before' | 'added' } | { ok: false; retryAt: Date };

/**
 * Reports one message to the conference's conduct contacts, on the word of somebody who got it. They are told by mail
 * that there is a report, and read it on the portal. Reporting it again adds to the report what is said anew.
 */
export async function reportMessage(
  ctx: DomainContext,
  conference: Pick<Host, 'id' | 'slug' | 'name'>,
  reporter: Pick<Participant, 'id'>,
  messageId: Id<'message'>,
  input: ReportInput,
): Promise<Reported> {
  return write(ctx.db, async (trx) => {
    const retryAt = await countAttempt(trx, ctx, 'report', reporter.id);
    if (retryAt) return { ok: false, retryAt };
    const id = newId<'report'>();
    const stored = await trx
      .insertInto('reports')
      .values({
        id,
        conference_id: conference.id,
        message_id: messageId,
        participant_id: reporter.id,
        reason: input.reason,
        note: input.note,
        created_at: instant(ctx.clock.now()),
        settled_at: null,
      })
      .onConflict((conflict) => conflict.columns(['message_id', 'participant_id']).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!stored)
      return { ok: true, to: (await addToReport(trx, messageId, reporter.id, input.note)) ? 'added' : 'before' };
    return { ok: true, to: await tellContacts(trx, ctx, conference, id, messageId) };
  });
}

/** Who reports a message once more has something to add: the report says it as well. */
async function addToReport(
  trx: Write,
  messageId: Id<'message'>,
  participantId: Id<'participant'>,
  added: string,
): Promise<boolean> {
  const report = await trx
    .selectFrom('reports')
    .select(['id', 'note'])
    .where('message_id', '=', messageId)
    .where('participant_id', '=', participantId)
    .executeTakeFirst();
  if (!report || added === '' || report.note.split('\n\n').includes(added) || report.note === added) return false;
  const said = report.note ? `${report.note}\n\n${added}` : added;
  await trx.updateTable('reports').set({ note: said }).where('id', '=', report.id).execute();
  return true;
}

/** The conduct contacts, but for one who wrote the message. Where there is none, the organisers are asked to name one. */
async function tellContacts(
  trx: Write,
  ctx: DomainContext,
  conference: Pick<Host, 'id' | 'slug' | 'name'>,
  id: Id<'report'>,
  messageId: Id<'message'>,
): Promise<'contacts' | 'waits'> {
  const people = await trx
    .selectFrom('memberships')
    .select(['account_id', 'role'])
    .where('conference_id', '=', conference.id)
    .where('role', 'in', ['conduct', 'organiser'])
    .limit(200)
    .execute();
  const contacts = people.filter((person) => person.role === 'conduct');
  const named = contacts.length > 0;
  const writer = await trx
    .selectFrom('messages')
    .innerJoin('participants', 'participants.id', 'messages.participant_id')
    .innerJoin('mailboxes', 'mailboxes.id', 'participants.mailbox_id')
    .select('mailboxes.account_id')
    .where('messages.id', '=', messageId)
    .executeTakeFirstOrThrow();
  const place = named ? `conduct/${id}` : 'organise/people';
  const mail = renderMail(messageReported, {
    conference: conference.name,
    named,
    url: `${ctx.config.origin}/${conference.slug}/${place}`,
  });
  let told = 0;
  for (const { account_id } of named ? contacts : people) {
    const to = account_id === writer.account_id ? null : await primaryMailbox(trx, account_id);
    if (!to) continue;
    told += await enqueue(trx, ctx, [
      {
        to,
        mail,
        fromName: conference.name,
        conferenceId: conference.id,
        dedupeKey: `report:${id}:${account_id}`,
      },
    ]);
  }
  return named && told > 0 ? 'contacts' : 'waits';
}

type Conference = Pick<Host, 'id' | 'slug' | 'name'>;

/**
 * Makes somebody a conduct contact of a conference. Nobody becomes one unseen, an organiser by their own hand least of
 * all: it stands in the log, and the other organisers are told by mail.
 */
export async function nameContact(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  { name, address }: { name: string; address: string },
): Promise<{ mailed: boolean }> {
  return invite(ctx, { name, address, role: 'conduct', conference }, async (trx, accountId) => {
    const before = await trx
      .selectFrom('memberships')
      .select('role')
      .where('account_id', '=', accountId)
      .where('conference_id', '=', conference.id)
      .where('role', '=', 'conduct')
      .executeTakeFirst();
    if (before) return;
    const line = await note(trx, ctx, conference.id, viewer, { act: 'named', words: name });
    const mail = renderMail(conductNamed, {
      conference: conference.name,
      by: viewer.name,
      name,
      self: accountId === viewer.accountId,
      url: `${ctx.config.origin}/${conference.slug}/organise/people`,
    });
    const organisers = await trx
      .selectFrom('memberships')
      .select('account_id')
      .where('conference_id', '=', conference.id)
      .where('role', '=', 'organiser')
      .where('account_id', '!=', viewer.accountId)
      .limit(200)
      .execute();
    for (const { account_id } of organisers) {
      const to = await primaryMailbox(trx, account_id);
      const about = { fromName: conference.name, conferenceId: conference.id };
      if (to) await enqueue(trx, ctx, [{ to, mail, ...about, dedupeKey: `conduct-named:${line}:${account_id}` }]);
    }
  });
}

/** Takes that role from somebody, which stands in the log as well. */
export async function removeContact(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  member: Member,
): Promise<'removed' | 'gone' | 'refused'> {
  return revokeRole(ctx, viewer.accountId, { ...member, role: 'conduct' }, conference.id, async (trx) => {
    await note(trx, ctx, conference.id, viewer, { act: 'removed', words: member.name });
  });
}

/** Opens a report for a conduct contact, and writes down that they have read it. Null out of their reach. */
export async function readReport(
  ctx: DomainContext,
  conferenceId: Id<'conference'>,
  viewer: Viewer,
  id: string,
): Promise<Report | null> {
  return write(ctx.db, async (trx) => {
    const report = await reportById(trx, conferenceId, id, viewer);
    if (!report) return null;
    const read = await trx
      .selectFrom('audit')
      .select('id')
      .where('report_id', '=', report.id)
      .where('account_id', '=', viewer.accountId)
      .executeTakeFirst();
    if (!read) await note(trx, ctx, conferenceId, viewer, { act: 'read', report });
    return report;
  });
}

/**
 * Does what a conduct contact decides about a report. `dismissed`: nothing; `warned`: the writer gets their words;
 * `suspended`: the writer, told so, writes to nobody at this conference until it is `lifted`; `closed`: nobody writes
 * in that thread until it is `reopened`. Null out of their reach.
 */
export async function judge(
  ctx: DomainContext,
  conference: Pick<Host, 'id' | 'slug' | 'name'>,
  viewer: Viewer,
  id: string,
  { act, note: words }: Judgement,
): Promise<{ ok: true } | null> {
  return write(ctx.db, async (trx) => {
    const report = await reportById(trx, conference.id, id, viewer);
    if (!report) return null;
    const last = await trx
      .selectFrom('audit')
      .select(['act', 'note', 'account_id'])
      .where('report_id', '=', report.id)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    // The same form once more, since its answer was lost: whoever had read its page anew is written down in between.
    if (last?.act === act && last.note === words && last.account_id === viewer.accountId) return { ok: true };
    const now = instant(ctx.clock.now());
    const { mailboxId, name } = report.writer;
    if (act === 'suspended') await suspend(trx, ctx.clock, { conferenceId: conference.id, mailboxId, name });
    if (act === 'lifted') await liftSuspensions(trx, ctx.clock, conference.id, mailboxId);
    if (act === 'closed' || act === 'reopened')
      await trx
        .updateTable('threads')
        .set({ closed_at: act === 'closed' ? now : null })
        .where('id', '=', report.thread.id)
        .execute();
    if (act !== 'lifted' && act !== 'reopened')
      await trx.updateTable('reports').set({ settled_at: now }).where('id', '=', report.id).execute();
    const line = await note(trx, ctx, conference.id, viewer, { act, report, words });
    if (act === 'warned' || act === 'suspended' || act === 'lifted')
      await enqueue(trx, ctx, [
        {
          to: report.writer.mailboxId,
          mail: renderMail(conductNotice, {
            conference: conference.name,
            act,
            note: words,
            url: `${ctx.config.origin}/${conference.slug}`,
          }),
          fromName: conference.name,
          conferenceId: conference.id,
          dedupeKey: `conduct:${line}`,
        },
      ]);
    return { ok: true };
  });
}

async function note(
  trx: Write,
  ctx: DomainContext,
  conferenceId: Id<'conference'>,
  viewer: Viewer,
  { act, report = null, words = '' }: { act: AuditAct; report?: Report | null; words?: string },
): Promise<Id<'audit'>> {
  const id = newId<'audit'>();
  await trx
    .insertInto('audit')
    .values({
      id,
      conference_id: conferenceId,
      account_id: viewer.accountId,
      act,
      report_id: report?.id ?? null,
      note: words,
      at: instant(ctx.clock.now()),
    })
    .execute();
  return id;
}
