import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { linkIn } from '../mailbox';
import { heading, newAddress, notice, signInByLink } from '../people';
import { expect, test } from '../portal';
import { say } from '../text';

test.use({ named: true });

/** A device with a finger on it (WebAuthn Level 3, 11): whatever it is asked, it answers yes. */
async function virtualAuthenticator(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    /** Whether who holds it shows finger or PIN. */
    verifies: (isUserVerified: boolean) =>
      devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    credentials: async () => (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
  };
}

test('a passkey is added, signs in by itself, and then is asked for after a link', async ({
  page,
  portal,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === false, 'passkeys are offered only where scripts run');
  const address = newAddress('passkey');
  const button = (key: Parameters<typeof say>[0]) => page.getByRole('button', { name: say(key), exact: true });
  const device = await virtualAuthenticator(page);
  const looksRight = async () => {
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  };

  await test.step('add one', async () => {
    await page.goto('/sign-in?next=/account/passkeys');
    await signInByLink(page, portal, address, 'Pia Passkey');
    await expect(heading(page, 'passkeys.title')).toBeVisible();
    await page.getByLabel(say('passkeys.name')).fill('My finger');
    await looksRight();
    await button('passkeys.add').click();
    await expect(notice(page, 'notice.passkeyAdded')).toBeVisible();
    await expect(page.getByText('My finger')).toBeVisible();
    expect(await device.credentials()).toHaveLength(1);
    expect((await portal.mailbox.next(address, 'A passkey was added')).text).toContain('/account/security');
  });

  await test.step('the device refuses a second for the same account', async () => {
    await page.getByLabel(say('passkeys.name')).fill('My finger again');
    await button('passkeys.add').click();
    await expect(page.getByText(say('passkeys.addCancelled'))).toBeVisible();
  });

  await test.step('sign in with it, as the browser offers it beside the address', async () => {
    await button('layout.signOut').click();
    await page.goto('/sign-in?next=/account/passkeys');
    await expect(heading(page, 'passkeys.title')).toBeVisible();
    // What has just shown who one is need not be shown again.
    await expect(page.getByText(say('account.confirmTitle'))).toHaveCount(0);
  });

  await test.step('sign in with it by the button, where the browser offers nothing by itself', async () => {
    await button('layout.signOut').click();
    await page.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = async () => false;
    });
    await page.goto('/sign-in?next=/account/passkeys');
    await expect(button('signIn.passkey')).toBeVisible();
    await looksRight();
    await button('signIn.passkey').click();
    await expect(heading(page, 'passkeys.title')).toBeVisible();
  });

  await test.step('let it be asked for', async () => {
    await page.getByLabel(say('passkeys.ask')).check();
    await button('form.save').last().click();
    await expect(notice(page, 'notice.passkeyAsked')).toBeVisible();
    await expect(page.getByLabel(say('passkeys.ask'))).toBeChecked();
  });

  await test.step('after a link it is, and without finger or PIN nobody gets in', async () => {
    await button('layout.signOut').click();
    await page.goto('/sign-in?next=/account/security');
    await page.getByLabel(say('signIn.address')).fill(address);
    await button('signIn.button').click();
    await page.goto(linkIn(await portal.mailbox.next(address, say('mail.signIn.subject', { portal: '' }))));
    await button('link.button').click();
    await expect(heading(page, 'passkey.secondTitle')).toBeVisible();
    await expect(button('layout.signOut')).toHaveCount(0);
    await looksRight();
    await device.verifies(false);
    await button('passkey.use').click();
    await expect(page.getByText(say('passkey.cancelled'))).toBeVisible();
    await device.verifies(true);
    await button('passkey.use').click();
    await expect(heading(page, 'account.securityTitle')).toBeVisible();
    await expect(page.getByText(say('session.here'))).toBeVisible();
    await looksRight();
  });
});
