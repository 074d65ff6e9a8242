import { linkIn } from '../mailbox';
import { heading, newAddress, notice, signInByLink, signInByPassword, takenOver } from '../people';
import { expect, test } from '../portal';
import { say } from '../text';

const conference = 'Central Asian Studies 2027';
const PAPER = { ref: 'T0121', address: 'gulsat.tilegenova@example.org', author: 'Gülşat Tilegenova' };
/** Of one author, who signs in here alone: links to one address are few in an hour. */
const REPORTED = { ref: 'T0127', address: 'mamura.abdurasul@example.org', author: "Ma'mura Abdurasul-qizi" };

test('report, suspend: a message is reported from the mail, its writer is stopped, and nobody learns by whom', async ({
  page,
  portal,
  somebody,
  watch,
}) => {
  const address = newAddress('writer');
  const writer = { name: `Wilma ${address.split(/[.@]/)[1]}`, address };
  const subject = `Buy now ${writer.address.split(/[.@]/)[1]}`;
  const contact = await somebody();
  const reader = await somebody();

  await test.step('somebody writes to an author', async () => {
    await page.goto(`${portal.conference}/submissions`);
    await signInByLink(page, portal, writer.address, writer.name);
    await page.goto(`${portal.conference}/papers/${REPORTED.ref}/message`);
    await page.getByLabel(say('message.subject')).fill(subject);
    await page.getByLabel(say('message.body')).fill('Cheap journals, today only!');
    await page.getByRole('button', { name: say('message.send') }).click();
    await expect(heading(page, 'threads.title')).toBeVisible();
  });

  await test.step('the author reports it from the mail, after signing in by a link', async () => {
    const mail = await portal.mailbox.next(REPORTED.address, subject);
    await reader.goto(/^https?:\S+\/letters\/\S+$/m.exec(mail.text)![0]);
    await reader.getByRole('link', { name: say('report.title') }).click();
    await signInByLink(reader, portal, REPORTED.address, REPORTED.author);
    await reader.getByLabel(say('report.reason')).selectOption('spam');
    await reader.getByLabel(say('report.note')).fill('The same as last week.');
    await reader.getByRole('button', { name: say('report.send') }).click();
    await expect(notice(reader, 'notice.reported')).toBeVisible();
  });

  await test.step('the conduct contact reads that message alone, and suspends its writer', async () => {
    await signInByPassword(contact, portal, 'organiser');
    // Other journeys report something too: this one's mail leads to this writer.
    do {
      const mail = await portal.mailbox.next(portal.people.organiser, say('mail.reported.subject', { conference }));
      expect(mail.everything).not.toContain('journals');
      await contact.goto(linkIn(mail));
    } while ((await contact.getByText(writer.name).count()) === 0);
    await expect(contact.getByText('Cheap journals, today only!')).toBeVisible();
    expect(await contact.content()).not.toContain(REPORTED.author);
    await contact.getByLabel(say('conduct.words')).fill('Please advertise elsewhere.');
    await contact.getByRole('button', { name: say('conduct.act.suspended') }).click();
    await expect(notice(contact, 'notice.judged')).toBeVisible();
    await expect(contact.getByRole('button', { name: say('conduct.act.lifted') })).toBeVisible();
  });

  await test.step('the writer is told, and writes to nobody here; what they typed is not lost', async () => {
    const mail = await portal.mailbox.next(writer.address, say('mail.conduct.suspended.subject', { conference }));
    expect(mail.text).toContain('Please advertise elsewhere.');
    for (const secret of [REPORTED.author, REPORTED.address, 'last week'])
      expect(mail.everything).not.toContain(secret);
    await page.goto(`${portal.conference}/papers/T0105/message`);
    await page.getByLabel(say('message.subject')).fill('Another try');
    await page.getByLabel(say('message.body')).fill('More journals!');
    watch.expects(422, /\/message$/);
    await page.getByRole('button', { name: say('message.send') }).click();
    await expect(page.getByText(say('obstacle.suspended'))).toBeVisible();
    await expect(page.getByLabel(say('message.body'))).toHaveValue('More journals!');
  });
});

test('a reader writes, the author answers by mail, the reader answers by mail; neither sees an address', async ({
  page,
  portal,
}) => {
  const writer = { name: 'Mira Mail', address: newAddress('mira') };
  const subject = `Boxes ${writer.address.split(/[.@]/)[1]}`;
  await page.goto(`${portal.conference}/submissions`);
  await signInByLink(page, portal, writer.address, writer.name);
  await page.goto(`${portal.conference}/papers/${PAPER.ref}/message`);
  for (const other of await page.getByRole('group').getByRole('checkbox').all()) await other.uncheck();
  await page.getByLabel(PAPER.author).check();
  await page.getByLabel(say('message.subject')).fill(subject);
  await page.getByLabel(say('message.body')).fill('Where are the boxes?');
  await page.getByRole('button', { name: say('message.send') }).click();
  await expect(heading(page, 'threads.title')).toBeVisible();

  const first = await portal.mailbox.next(PAPER.address, subject);
  await portal.mailbox.answer(first, 'In Tashkent.');
  const second = await portal.mailbox.next(writer.address, subject);
  await portal.mailbox.answer(second, 'Thank you!');
  const third = await portal.mailbox.next(PAPER.address, subject);
  for (const [mail, words, hidden] of [
    [first, 'Where are the boxes?', writer.address],
    [second, 'In Tashkent.', PAPER.address],
    [third, 'Thank you!', writer.address],
  ] as const) {
    expect(mail.text).toContain(words);
    expect(mail.everything).not.toContain(hidden);
  }

  await page.getByRole('link', { name: subject }).click();
  for (const words of ['Where are the boxes?', 'In Tashkent.', 'Thank you!'])
    await expect(page.getByText(words, { exact: true })).toBeVisible();
  expect(await page.content()).not.toContain(PAPER.address);
});

test('an open conversation shows what is new, and keeps what is being typed', async ({
  page,
  portal,
  somebody,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === false, 'without a script one reloads the page');
  const writer = { name: 'Lea Live', address: newAddress('live') };
  const subject = `Live ${writer.address.split(/[.@]/)[1]}`;
  const author = await somebody();
  await page.goto(`${portal.conference}/submissions`);
  await signInByLink(page, portal, writer.address, writer.name);
  await page.goto(`${portal.conference}/papers/${PAPER.ref}/message`);
  for (const other of await page.getByRole('group').getByRole('checkbox').all()) await other.uncheck();
  await page.getByLabel(PAPER.author).check();
  await page.getByLabel(say('message.subject')).fill(subject);
  await page.getByLabel(say('message.body')).fill('Are you there?');
  await page.getByRole('button', { name: say('message.send') }).click();
  await page.getByRole('link', { name: subject }).click();
  await takenOver(page);
  await page.getByLabel(say('thread.answer')).fill('Half a sent');

  await author.goto(linkIn(await portal.mailbox.next(PAPER.address, subject)));
  await signInByLink(author, portal, PAPER.address);
  await author.getByLabel(say('thread.answer')).fill('Yes, I am.');
  await author.getByRole('button', { name: say('thread.send') }).click();
  await expect(page.getByText('Yes, I am.')).toBeVisible();
  await expect(page.getByLabel(say('thread.answer'))).toHaveValue('Half a sent');

  await page.reload();
  await takenOver(page);
  await expect(page.getByLabel(say('thread.answer'))).toHaveValue('Half a sent');
  await page.getByRole('button', { name: say('thread.send') }).click();
  await expect(notice(page, 'notice.answerQueued')).toBeVisible();
  await takenOver(page);
  await expect(page.getByLabel(say('thread.answer'))).toHaveValue('');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: say('thread.export') }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^T0121-\w+\.txt$/);
});
