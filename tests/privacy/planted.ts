import { addressKey } from '~/domain/account/schema';
import { bounceAddress } from '~/domain/mail/own-address.server';
import { authorToken } from '~/domain/submission/byline/link.server';
import { importPapers } from '~/domain/submission/import.server';
import { newestLink } from '../support/inbox';
import type { TestPortal, Visitor } from '../support/portal';
import { arrive, replyTo, sentLetters } from '../support/relay';
import { makeConference, makePerson, makeSubmission, newKey, stranger } from '../support/world';

/** Addresses of which each half is found nowhere else. */
const names = [
  'account-stranger',
  'account-author',
  'account-coauthor',
  'account-named',
  'account-reviewer',
  'account-organiser',
  'account-conduct',
  'account-elsewhere',
  'byline-unverified',
  'byline-confirmed',
  'byline-declined',
  'byline-changed',
  'address-asked',
  'address-added',
  'imported',
  'imported-unusable',
  'invited',
  'guest-waiting',
  'guest-confirmed',
  'signing-in',
  'wrong-password',
  'kept-byline',
  'kept-invitation',
  'inbound-stranger',
  'inbound-copied',
  'bounced',
  'refused',
  'crashed',
] as const;
export const planted = Object.fromEntries(
  names.map((name) => [name, `zq9${name.replace('-', '.')}@zq9-${name}.example`]),
) as Record<(typeof names)[number], string>;
export const addresses = Object.values(planted);

/** A portal in which everything has happened that takes an address in, by way of its own pages. */
export async function plantAddresses(portal: TestPortal) {
  const { ctx } = portal;
  const here = await makeConference(ctx);
  const there = await makeConference(ctx, { slug: 'other-2027', name: 'Elsewhere 2027' });
  const person = async (name: string, address: string, roles: Parameters<typeof makePerson>[2] = {}) =>
    portal.signIn(await makePerson(ctx, name, { address, ...roles }), { proven: true });
  const people = {
    stranger: await person('Sten Stranger', planted['account-stranger']),
    author: await person('Aigul Author', planted['account-author']),
    coauthor: await person('Cem Coauthor', planted['account-coauthor']),
    named: await person('Nur Named', planted['account-named']),
    reviewer: await person('Rosa Reviewer', planted['account-reviewer'], { roles: [[here, 'reviewer']] }),
    conduct: await person('Cleo Conduct', planted['account-conduct'], { roles: [[here, 'conduct']] }),
    organiser: await person('Olga Organiser', planted['account-organiser'], { roles: [[here, 'organiser']] }),
    elsewhere: await person('Else Where', planted['account-elsewhere'], { roles: [[there, 'organiser']] }),
  };
  const { stranger: reader, author, coauthor, reviewer, organiser } = people;
  const post = async (path: string, fields: Record<string, string | string[]>, as: Visitor = stranger()) => {
    const answer = await portal.post(path, fields, { as });
    if (![302, 303].includes(answer.status)) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer;
  };

  // Submitted on the page, with addresses in the byline.
  const byline = {
    'authors[0].name': author.name,
    'authors[0].address': author.address,
    'authors[0].contactable': 'on',
    'authors[1].name': people.coauthor.name,
    'authors[1].address': planted['account-coauthor'].toUpperCase(),
    'authors[1].contactable': 'on',
    'authors[2].name': 'Una Unverified',
    'authors[2].address': planted['byline-unverified'],
    'authors[2].contactable': 'on',
    'authors[3].name': 'Cora Confirmed',
    'authors[3].address': planted['byline-confirmed'],
    'authors[3].contactable': 'on',
    'authors[4].name': 'Dora Declined',
    'authors[4].address': planted['byline-declined'],
    'authors[4].contactable': 'on',
    'authors[5].name': people.named.name,
    'authors[5].address': planted['account-named'],
    'authors[5].contactable': 'on',
  };
  const text = { title: 'On rivers', abstract: 'Words', formatId: here.formats[0]!.id, themeId: here.themes[0]!.id };
  for (let count = 0; count < 3; count++)
    await post('/cas-2027/submit', { ...text, ...byline, intent: 'submit' }, author);
  await post('/cas-2027/submit', { ...text, ...byline, intent: 'draft' }, author);
  const withdrawn = await makeSubmission(ctx, here, author, { state: 'withdrawn' });

  // Asked whether it is theirs: two say nothing, two say yes, of whom one corrects their line, and one says no.
  const asked = async (ref: string, address: string) => {
    const line = await ctx.db
      .selectFrom('authors')
      .innerJoin('submissions', 'submissions.id', 'authors.submission_id')
      .innerJoin('mailboxes', 'mailboxes.id', 'authors.mailbox_id')
      .select(['authors.id as authorId', 'mailboxes.id as mailboxId'])
      .where('ref', '=', ref)
      .where('address_key', '=', addressKey(address))
      .executeTakeFirstOrThrow();
    return authorToken(ctx.config, line);
  };
  for (const ref of ['T0001', 'T0002']) {
    const corrected = { name: 'Cora Correct', affiliation: 'Lab', contactable: 'on', intent: 'correct' };
    await post(`/authorship/${await asked(ref, planted['byline-confirmed'])}`, corrected);
    await post(`/authorship/${await asked(ref, planted['account-coauthor'])}`, { intent: 'yes' }, coauthor);
    await post(`/authorship/${await asked(ref, planted['byline-declined'])}`, { intent: 'no' });
  }
  await post('/cas-2027/submissions/T0001/authorship', { name: 'Cem Corrected', contactable: 'on' }, coauthor);

  // Decided, once pending and once for good, and the byline changed by an organiser.
  await post('/cas-2027/review/T0001', { score: '4', note: 'Good' }, reviewer);
  const decide = async (ref: string, outcome: string, others: Record<string, string>) => {
    const path = `/cas-2027/review/${ref}/decide`;
    const form = (await portal.get(`${path}?outcome=${outcome}`, { as: organiser })).form('outcome');
    await post(path, form.with(others), organiser);
  };
  await decide('T0001', 'accepted', { note: 'Well done' });
  await post('/cas-2027/review/T0001', { intent: 'publish' }, organiser);
  await decide('T0002', 'rejected', {});
  await decide('T0003', 'rejected', { intent: 'keep' });
  const lines = (await portal.get('/cas-2027/review/T0003/byline', { as: organiser })).form('authors[4].name');
  const changed = { 'authors[4].address': planted['byline-changed'], intent: 'save' };
  await post('/cas-2027/review/T0003/byline', lines.with(changed), organiser);

  // Imported.
  const imported = await importPapers(ctx, here, [
    JSON.stringify({ ref: 'I-1', title: 'Imported', authors: [{ name: 'Ines Imported', email: planted.imported }] }),
    JSON.stringify({
      ref: 'I-2',
      title: 'Imported too',
      authors: [{ name: `Ira <${planted.imported}>`, email: `<${planted['imported-unusable']}` }],
    }),
    `{"ref": "I-3", "title": "${planted.imported}"`,
  ]);

  // Messages, of somebody signed in and of guests.
  const form = (await portal.get('/cas-2027/papers/T0001/message')).form('to');
  const to = form.fields.filter(([name]) => name === 'to').map(([, id]) => id);
  const message = { to, subject: 'Your sources', body: 'Which archive holds the letters?' };
  const write = '/cas-2027/papers/T0001/message';
  await post(write, { ...message, key: newKey() }, reader);
  for (const guest of ['guest-waiting', 'guest-confirmed'] as const)
    await post(write, { ...message, key: newKey(), name: 'Gita Guest', address: planted[guest] });
  await post(await newestLink(ctx, planted['guest-confirmed']), { intent: 'confirm' });
  const threads = await ctx.db.selectFrom('threads').select('id').execute();
  for (const { id } of threads) await post(`/cas-2027/messages/${id}`, { key: newKey(), body: 'In Almaty.' }, author);

  // Answers by mail: one that is passed on, one in somebody else's name; and a report that quotes an address.
  const replyAddress = await replyTo(ctx, author.address);
  const quoted = { Cc: planted['inbound-copied'], 'Reply-To': author.address, 'X-Sender': author.address };
  await arrive(ctx, { from: author.address, to: replyAddress, headers: quoted });
  await arrive(ctx, { from: planted['inbound-stranger'], to: replyAddress, body: 'Not from the author.' });
  const [letter] = await sentLetters(ctx);
  const report = `Final-Recipient: rfc822; ${planted.bounced}\r\nDiagnostic-Code: smtp; 550 <${planted.bounced}> unknown`;
  await arrive(ctx, {
    to: bounceAddress(ctx.config, letter!.id),
    returnPath: '',
    headers: { Subject: 'Undelivered Mail', 'Content-Type': 'multipart/report; boundary=b' },
    body: `--b\r\n\r\n${planted.bounced} is unknown\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n${report}\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--`,
  });

  // A mute from a letter; a report, read and judged; a block, and rules.
  const relayed = (await sentLetters(ctx)).find((one) => one.address === author.address && one.reply_token)!;
  const inLetter = JSON.parse(relayed.headers)['List-Unsubscribe'].split('/letters/')[1].slice(0, -1) as string;
  await post(`/letters/${inLetter}`, { intent: 'mute' });
  const written = await ctx.db
    .selectFrom('messages')
    .select(['id', 'thread_id', 'participant_id'])
    .where('id', '=', inLetter.split('.')[1] as never)
    .executeTakeFirstOrThrow();
  const about = `/cas-2027/messages/${written.thread_id}`;
  await post(`${about}/report/${written.id}`, { reason: 'spam', note: 'Sent to all of us.' }, author);
  const { id: reported } = await ctx.db.selectFrom('reports').select('id').executeTakeFirstOrThrow();
  await post(`/cas-2027/conduct/${reported}`, { act: 'warned', note: 'Please do not.' }, people.conduct);
  await post(`${about}/part`, { intent: 'block', person: written.participant_id }, author);
  await post('/account/letters', { lettersFrom: 'participants' }, author);

  // Further addresses of an account: one that is asked for, one that is added and chosen.
  for (const [address, who] of [
    [planted['address-asked'], reader],
    [planted['address-added'], coauthor],
  ] as const)
    await post('/account', { intent: 'add-address', address }, who);
  await post(await newestLink(ctx, planted['address-added']), {}, coauthor);
  const { id: mailbox } = await ctx.db
    .selectFrom('mailboxes')
    .select('id')
    .where('address_key', '=', addressKey(planted['address-added']))
    .executeTakeFirstOrThrow();
  await post('/account', { intent: 'choose-address', mailbox }, coauthor);

  // People let in, turned away, and interrupted.
  const invitation = { name: 'Ivo Invited', role: 'reviewer' };
  await post('/cas-2027/organise/people', { ...invitation, address: planted.invited }, organiser);
  await post('/sign-in', { address: planted['signing-in'] });
  await portal.post('/sign-in', { address: planted['wrong-password'], password: 'not the right one' });
  await post('/cas-2027/submit', { ...text, 'authors[0].name': 'K', 'authors[0].address': planted['kept-byline'] });
  await post('/cas-2027/organise/people', { ...invitation, address: planted['kept-invitation'] });
  await post('/sign-in', { address: planted.refused });

  return {
    people,
    imported,
    values: {
      conference: [here.slug],
      ref: ['T0001', 'T0002', 'T0003', 'T0004', withdrawn.ref, 'I-1', 'I-2', 'none'],
      thread: [...threads.map(({ id }) => id as string), 'none'],
      token: [
        (await newestLink(ctx, planted['signing-in'])).split('/').at(-1)!,
        (await newestLink(ctx, planted['guest-waiting'])).split('/').at(-1)!,
        inLetter,
      ],
      '/account/address/:token': [(await newestLink(ctx, planted['address-asked'])).split('/').at(-1)!, 'none'],
      '/authorship/:token': [
        ...(await Promise.all(
          (
            ['byline-unverified', 'byline-confirmed', 'byline-declined', 'account-coauthor', 'account-named'] as const
          ).map((name) => asked('T0001', planted[name])),
        )),
        await asked('T0003', planted['byline-changed']),
        'none',
      ],
      message: (await ctx.db.selectFrom('messages').select('id').execute()).map(({ id }) => id as string),
      report: [reported as string],
      id: ['0190aaaa-0000-7000-8000-000000000000'],
      '*': ['no/such/page'],
    } as Record<string, string[]>,
  };
}
