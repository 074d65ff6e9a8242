import type { Page } from 'playwright/test';
import { newAddress, newPaper, notice, signInByPassword, submitAs } from '../people';
import { expect, test } from '../portal';
import { say } from '../text';

test('accept, reject, release: only what holds goes out', async ({ page, portal, somebody }) => {
  const address = newAddress('author');
  const paper = newPaper('Two Minds');
  const ref = await submitAs(page, portal, { address, name: 'Ikram Delacroix' }, paper);
  const organiser = await somebody();
  const here = `${portal.conference}/review/${ref}`;
  const told = (held: number) => say('notice.decided', { all: 1, told: 1, waiting: 0, held });

  await test.step('while all mail is held, it is accepted and then rejected', async () => {
    await signInByPassword(organiser, portal, 'organiser');
    await press('desk.hold');
    await decide(organiser, 'accept');
    await expect(organiser.getByRole('status').filter({ hasText: told(1) })).toBeVisible();
    await decide(organiser, 'reject');
    await expect(organiser.getByRole('status').filter({ hasText: told(1) })).toBeVisible();
    expect(portal.mailbox.waiting(address, ref)).toBe(0);
  });

  await test.step('let go, the mail says what holds, and nothing of the other', async () => {
    await press('desk.release');
    const mail = await portal.mailbox.next(address, ref);
    expect(mail.subject).toBe(say('mail.decision.rejected.subject', { ref, conference: 'Central Asian Studies 2027' }));
    expect(mail.text).not.toContain('has been accepted');
    expect(portal.mailbox.waiting(address, ref)).toBe(0);
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(say('state.rejected'));
  });

  await test.step('mailed, it is put right by a correction that says so', async () => {
    await expect(async () => {
      await organiser.goto(here);
      await expect(organiser.getByText(say('decide.told.sent', { count: 1 }))).toBeVisible({ timeout: 100 });
    }).toPass();
    await decide(organiser, 'accept');
    const mail = await portal.mailbox.next(address, ref);
    expect(mail.text).toContain(say('mail.decision.correction.lead', { ref }));
    expect(mail.text).toContain('has been accepted');
  });

  await test.step('kept pending it tells nobody and changes nothing', async () => {
    await organiser.goto(`${here}/decide?outcome=rejected`);
    await organiser.getByRole('button', { name: say('decide.keep') }).click();
    await expect(notice(organiser, 'notice.decisionKept')).toBeVisible();
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(say('state.accepted'));
    await organiser.getByRole('button', { name: say('decide.discard') }).click();
    await expect(notice(organiser, 'notice.decisionDiscarded')).toBeVisible();
    expect(portal.mailbox.waiting(address, ref)).toBe(0);
  });

  async function press(key: 'desk.hold' | 'desk.release') {
    await organiser.goto(`${portal.conference}/organise/mail`);
    await organiser.getByRole('button', { name: say(key) }).click();
    await expect(notice(organiser, key === 'desk.hold' ? 'notice.mailHeld' : 'notice.mailReleased')).toBeVisible();
  }

  async function decide(chair: Page, what: 'accept' | 'reject') {
    await chair.goto(here);
    await chair.getByRole('link', { name: say(`decide.${what}`) }).click();
    await chair.getByRole('button', { name: say(`decide.${what}Send`) }).click();
    await expect(chair).toHaveURL(new RegExp(`/review/${ref}(#.*)?$`));
  }
});
