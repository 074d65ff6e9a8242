import type { Id } from '#db/schema';
import type { Write } from '#db/write';
import { htmlLines } from './inbound/html-lines';
import type { Incoming } from './inbound/incoming.server';
import type { TextPart } from './inbound/parts.server';

export type DeliveryReport =
  | { kind: 'failed'; status: string | null }
  | { kind: 'complaint' }
  /** Still being tried, delivered, or no report at all. */
  | { kind: 'nothing' };

/** Prose of servers that know no RFC 3464: qmail, old Exim and Sendmail, and their like in other languages. */
const FAILED =
  /undeliver|unable to deliver|able to deliver|(?:wasn't|was not|not been|not be|not) delivered|address not found|failed permanently|may not exist, or you may not have permission|не было доставлено|не доставлено|не существует|ausgeliefert werden|non (?:è stato|recapitat)|un-?deliverable|could ?n[o']t be delivered|cannot be delivered|delivery (?:has )?fail|failed delivery|returned mail|returning message to sender|permanent (?:fatal )?error|user unknown|unknown user|no such user|mailbox (?:is )?(?:full|unavailable|not found)|does(?: not|n't) exist|not our customer|無法|配信できません|não (?:pôde|foi)|unzustellbar|niet (?:worden )?bezorgd|impossible de remettre|n'a pas pu être|no se (?:pudo|ha podido) entregar|не (?:может быть|удалось) достав/iu;
const DELAYED =
  /delayed|delivery incomplete|temporary problem|will (?:be )?retr|still (?:being )?tr(?:y|ied)|warning: could not|not yet been delivered/i;

/** Reads a report that came to a letter's own bounce address (RFC 3464, RFC 5965, or prose). Never quotes it. */
export async function readDeliveryReport(mail: Incoming): Promise<DeliveryReport> {
  const read = await mail.parts();
  if (!read.ok) return { kind: 'nothing' };
  const { reports, texts } = read.parts;
  const machine = reports
    .filter(({ type }) => /^message\/(?:global-)?delivery-status$/.test(type))
    .map(({ text }) => text)
    .join('\n');
  if (reports.some(({ type }) => type === 'message/feedback-report')) return { kind: 'complaint' };
  const actions = [...machine.matchAll(/^Action:\s*([a-z-]+)/gim)].map((match) => match[1]!.toLowerCase());
  const status = /^Status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(machine)?.[1] ?? null;
  if (actions.length > 0) return actions.includes('failed') ? { kind: 'failed', status } : { kind: 'nothing' };
  const auto = mail.header('auto-submitted')[0] ?? '';
  if (/auto-replied/i.test(auto) && mail.type !== 'multipart/report' && !FAILED.test(mail.subject))
    return { kind: 'nothing' };
  const prose = `${mail.subject}\n${wordsOf(texts)}`;
  if (!FAILED.test(prose) || (DELAYED.test(mail.subject) && !/fail/i.test(mail.subject))) return { kind: 'nothing' };
  return { kind: 'failed', status: /\b(5\.\d{1,3}\.\d{1,3})\b/.exec(prose)?.[1] ?? null };
}

/** Codes that say for good that no such mailbox is there (RFC 3463, 3.2, and 5.1.10 of RFC 7505): nothing goes there again. */
const NO_MAILBOX = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1']);

/** Whether a refusal with this code is about the mailbox itself, and not about this mail, this sender, or this moment. */
export function endsMailbox(status: string | null): boolean {
  return status !== null && NO_MAILBOX.has(status);
}

/** In characters: what a report says, it says at its beginning. */
const MAX_PROSE = 8_000;

function wordsOf(texts: readonly TextPart[]): string {
  const plain = texts.find(({ type, text }) => type === 'text/plain' && text.trim());
  if (plain) return plain.text.slice(0, MAX_PROSE);
  return htmlLines(texts[0]?.text.slice(0, MAX_PROSE * 8) ?? '')
    .map(({ text }) => text)
    .join('\n')
    .slice(0, MAX_PROSE);
}

/** Notes that a letter did not arrive after all. Returns the mailbox that it went to; null where the report tells nothing new. */
export async function recordFailure(trx: Write, outboxId: Id<'outbox'>, code: string): Promise<Id<'mailbox'> | null> {
  const row = await trx
    .updateTable('outbox')
    .set({ state: 'failed', error_code: code })
    .where('id', '=', outboxId)
    .where('state', 'in', ['sent', 'unknown'])
    .returning(['mailbox_id', 'sent_to'])
    .executeTakeFirst();
  return row?.sent_to ?? row?.mailbox_id ?? null;
}
