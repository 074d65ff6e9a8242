import { instant } from '#db/ids';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import type { Write } from '#db/write';
import { renderMail } from '#emails/mail';
import { submissionReceived } from '#emails/submission-received';
import { primaryMailbox } from '../account/mailbox-owners.server';
import type { Viewer } from '../account/viewer';
import type { Conference } from '../conference/queries.server';
import type { DomainContext } from '../context';
import { enqueue } from '../mail/outbox.server';
import { formatInstant } from '../zoned-time';
import { askAuthors } from './byline/ask.server';

/** `network`: where a save on the web came from, for the limit on mails to authors; null: from elsewhere. */
export interface Origin {
  network: string | null;
}

/** A submission with the version of it that is the newest. */
interface Paper {
  id: Id<'submission'>;
  ref: string;
  title: string;
  versionId: Id<'version'>;
}

/** What follows when a paper is handed in: its authors are asked, and a receipt, if it can go anywhere. */
export async function handIn(
  trx: Write,
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  paper: Paper,
  origin: Origin,
): Promise<boolean> {
  await askAuthors(trx, ctx, conference, paper, { ...viewer, ...origin });
  return sendReceipt(trx, ctx, conference, viewer, paper);
}

/** Whether a receipt to this viewer can go anywhere. */
export async function hasMailbox(db: Database, viewer: Viewer): Promise<boolean> {
  return (await primaryMailbox(db, viewer.accountId)) !== null;
}

async function sendReceipt(
  trx: Write,
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  paper: { id: Id<'submission'>; ref: string; title: string },
): Promise<boolean> {
  const to = await primaryMailbox(trx, viewer.accountId);
  if (!to) return false;
  const mail = renderMail(submissionReceived, {
    paper: { ref: paper.ref, title: paper.title },
    conference: conference.name,
    editableUntil: conference.closesAt ? formatInstant(conference.closesAt, conference.timeZone) : '',
    url: `${ctx.config.origin}/${conference.slug}/submissions/${encodeURIComponent(paper.ref)}`,
  });
  const again = instant(ctx.clock.now());
  const queued = await enqueue(trx, ctx, [
    {
      to,
      mail,
      fromName: conference.name,
      conferenceId: conference.id,
      submissionId: paper.id,
      dedupeKey: `received:${paper.id}:${again}`,
    },
  ]);
  return queued > 0;
}
