import { describe, expect, test } from 'vitest';
import { sendMessage } from '~/domain/message/commands.server';
import { testContext } from '../../support/context';
import { engines } from '../../support/database';
import { outboxRows, runWorker, until } from '../../support/mail';
import { openSmtpSink } from '../../support/smtp-sink';
import { makeConference, makePerson, makeSubmission, newKey } from '../../support/world';

const AUTHOR = 'asel@authors.example';
const READER = 'rana@readers.example';

describe.each(engines)('the final gate, on %s', (engine) => {
  async function relayed(
    changes: { text?: string; html?: string; subject?: string; from_name?: string },
    consent = false,
  ) {
    const ctx = await testContext({ engine });
    const world = await makeConference(ctx);
    const author = await makePerson(ctx, 'Asel', { address: AUTHOR });
    const reader = await makePerson(ctx, 'Rana', { address: READER });
    const paper = await makeSubmission(ctx, world, author, { state: 'published' });
    const input = { key: newKey(), to: [paper.authors[0]!.id], subject: 'Sources', body: 'Which?', consent };
    const about = { submissionId: paper.id, ...paper };
    expect(await sendMessage(ctx, world, about, await reader.viewer(), input)).toEqual({ ok: true });
    // As if a template or a check of ours had gone wrong.
    if (Object.keys(changes).length > 0)
      await ctx.db.updateTable('outbox').set(changes).where('kind', '=', 'relayed-message').execute();
    const sink = await openSmtpSink();
    runWorker(ctx, sink);
    const letter = async () => (await outboxRows(ctx)).find((row) => row.kind === 'relayed-message')!;
    await until(async () => ['sent', 'failed'].includes((await letter()).state));
    const { state, error_code: code, internet_message_id: id } = await letter();
    return { state, code, arrived: sink.mails.filter(({ messageId }) => messageId === id).length };
  }

  test.each([
    ['text', { text: `Write to ${READER}!` }],
    ['text, in a roundabout way', { text: READER.replace('@', ' (at) ') }],
    ['HTML alone', { html: `<p>${READER}</p>` }],
    ['the subject', { subject: `From ${READER}` }],
    ['the name', { from_name: READER }],
    ['text, and the reader their own', { text: AUTHOR.toUpperCase() }],
  ])('lets no letter out that holds an address of its people in %s', async (_where, changes) => {
    expect(await relayed(changes)).toEqual({ state: 'failed', code: 'address-inside', arrived: 0 });
  });

  test('lets every other out, and one whose writer has agreed', async () => {
    expect(await relayed({})).toMatchObject({ state: 'sent', arrived: 1 });
    expect(await relayed({ text: 'Write to somebody@else.example' })).toMatchObject({ state: 'sent' });
    expect(await relayed({ text: `Write to ${READER}` }, true)).toMatchObject({ state: 'sent' });
  });
});
