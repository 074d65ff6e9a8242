import { linkIn } from '../mailbox';
import { confirmAsGuest, heading, newAddress, notice, signInByLink, summary } from '../people';
import { expect, test } from '../portal';
import { say } from '../text';

const PAPER = {
  ref: 'T0121',
  title: 'The Ferry That Stayed: Navigation, Memory, and the Retreat of the Aral Shore',
  author: 'Gülşat Tilegenova',
  // In the byline of the demo; nobody may ever read it in the portal.
  address: 'gulsat.tilegenova@example.org',
};

test('write and be answered: neither side learns an address', async ({
  page,
  portal,
  somebody,
  watch,
  javaScriptEnabled,
}) => {
  const guest = { name: 'Ngozi Lindqvist', address: newAddress('guest') };
  const subject = `Your logbooks (${guest.address.split(/[.@]/)[1]})`;
  const body =
    'Dear author,\n\nwhere do the logbooks lie?\n> a line that looks quoted\n\nغرامافون, кітап & <b>more</b>';
  const answer = 'In the harbour master’s house. Come and see them.';
  const author = await somebody();
  let confirmation = '';
  const scripts = javaScriptEnabled !== false;

  await test.step('a guest writes; what is missing is said first, and nothing is lost', async () => {
    await page.goto(`${portal.conference}/papers/${PAPER.ref}`);
    await page.getByRole('link', { name: say('paper.send', { count: 4 }) }).click();
    await expect(page.getByLabel(PAPER.author)).toBeChecked();
    await page.getByLabel(say('message.body')).fill(body);
    watch.expects(422, /\/message$/);
    await page.getByRole('button', { name: say('message.continue') }).click();
    await expect(summary(page).getByRole('link')).toHaveCount(3);
    await expect(page.getByLabel(say('message.address'))).toHaveAccessibleDescription(/Please/);
    await expect(page.getByLabel(say('message.body'))).toHaveValue(body);
    for (const other of await page.getByRole('group').getByRole('checkbox').all()) await other.uncheck();
    await page.getByLabel(PAPER.author).check();
    await page.getByLabel(say('message.name'), { exact: true }).fill(guest.name);
    await page.getByLabel(say('message.address')).fill(guest.address);
    await page.getByLabel(say('message.subject')).fill(subject);
    await confirmAsGuest(page, portal, guest, scripts, (key) => page.getByRole('button', { name: say(key) }).click());
  });

  await test.step('the link that confirms carries none of the text, and opening it sends nothing', async () => {
    if (!scripts) return;
    const mail = await portal.mailbox.next(guest.address);
    for (const typed of [subject, 'logbooks', guest.name, PAPER.ref]) expect(mail.everything).not.toContain(typed);
    confirmation = linkIn(mail);
    await page.goto(confirmation);
    await expect(page.getByText('where do the logbooks lie?')).toBeVisible();
    await page.reload();
    expect(portal.mailbox.waiting(PAPER.address, subject)).toBe(0);
    await page.getByRole('button', { name: say('confirm.send') }).click();
  });
  await expect(heading(page, 'threads.title')).toBeVisible();

  const mail = await portal.mailbox.next(PAPER.address, subject);
  await test.step('the author has the mail: paper, writer by name, and no address of theirs', async () => {
    expect(mail.subject).toBe(`[${PAPER.ref}] ${subject}`);
    const said = mail.text.replace(/^\| ?/gm, '');
    for (const shown of [PAPER.ref, PAPER.title, guest.name, body]) expect(said).toContain(shown);
    expect(mail.from.name).toContain(guest.name);
    expect(mail.envelope.to).toEqual([PAPER.address]);
    expect(mail.html).not.toContain('<b>more</b>');
    expect(mail.everything).not.toContain(guest.address);
    expect(mail.envelope.from).not.toContain(guest.address);
  });

  await test.step('the author signs in by link and answers on the page of the thread', async () => {
    await author.goto(linkIn(mail));
    await signInByLink(author, portal, PAPER.address);
    await expect(author).toHaveURL(linkIn(mail));
    await expect(author.getByRole('heading', { level: 1, name: subject })).toBeVisible();
    await expect(author.getByText('where do the logbooks lie?')).toBeVisible();
    await expect(author.getByText('<b>more</b>')).toBeVisible();
    expect(await author.content()).not.toContain(guest.address);
    await author.getByLabel(say('thread.answer')).fill(answer);
    await author.getByRole('button', { name: say('thread.send') }).click();
    await expect(notice(author, 'notice.answerQueued')).toBeVisible();
  });

  await test.step('the guest has the answer, without any address of the author', async () => {
    const reply = await portal.mailbox.next(guest.address, subject);
    expect(reply.subject).toContain(subject);
    for (const shown of [PAPER.ref, PAPER.title, PAPER.author, answer]) expect(reply.text).toContain(shown);
    for (const secret of [PAPER.address, portal.people.author]) {
      expect(reply.everything).not.toContain(secret);
      expect(reply.envelope.from).not.toContain(secret);
    }
    expect(linkIn(reply)).toBe(linkIn(mail));
  });

  await test.step('the writer sees that it was handed over, and the answer', async () => {
    await page.getByRole('link', { name: subject }).click();
    await expect(page.getByText(answer)).toBeVisible();
    // The worker notes it just after the SMTP server has said yes.
    await expect(async () => {
      await page.reload();
      await expect(page.getByText(`${PAPER.author}: ${say('thread.handed')}`)).toBeVisible({ timeout: 100 });
    }).toPass();
    for (const secret of [PAPER.address, portal.people.author]) expect(await page.content()).not.toContain(secret);
  });

  await test.step('the link is used up', async () => {
    if (!scripts) return;
    await page.goto(confirmation);
    await expect(heading(page, 'link.deadTitle')).toBeVisible();
  });
});
