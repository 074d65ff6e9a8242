import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';

export interface CapturedMail {
  id: string;
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** ISO 8601, or empty where the mail has no Date. */
  date: string;
}

const FILE = /^[0-9a-f-]{36}\.eml$/;

/** What was captured instead of sent, newest first: the ids, and so the files, sort by time. */
export async function capturedMails(dir: string, limit: number): Promise<CapturedMail[]> {
  const names = (await filesIn(dir)).filter((name) => FILE.test(name)).sort();
  const mails = await Promise.all(
    names
      .reverse()
      .slice(0, limit)
      .map((name) => read(dir, name)),
  );
  return mails.filter((mail) => mail !== null);
}

export async function capturedMail(dir: string, id: string): Promise<CapturedMail | null> {
  return FILE.test(`${id}.eml`) ? read(dir, `${id}.eml`) : null;
}

async function read(dir: string, name: string): Promise<CapturedMail | null> {
  const bytes = await readFile(join(dir, name)).catch(nullIfAbsent);
  if (!bytes) return null;
  const mail = await PostalMime.parse(bytes);
  return {
    id: name.slice(0, -'.eml'.length),
    from: mail.from ? `${mail.from.name} <${mail.from.address}>` : '',
    to: (mail.to ?? []).map((person) => person.address).join(', '),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html ?? '',
    date: mail.date ?? '',
  };
}

async function filesIn(dir: string): Promise<string[]> {
  return (await readdir(dir).catch(nullIfAbsent)) ?? [];
}

function nullIfAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
