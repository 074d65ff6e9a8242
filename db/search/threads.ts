import { foldWords } from './words';

/** What a conversation is found by: its subject, its paper as it was published, and the names of its people. */
export function threadWords(thread: { subject: string; ref: string; title: string; names: string[] }): string {
  return foldWords([thread.subject, thread.ref, thread.title, ...thread.names].join(' \n '));
}
