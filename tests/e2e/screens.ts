import type { Browser, Locator, Page } from 'playwright/test';
import { linkIn } from './mailbox';
import { chooseFirst, newAddress, newPaper, notice, signInByLink, signInByPassword, takenOver } from './people';
import type { Portal, Watch } from './portal';
import { say } from './text';

/** Who looks. */
export type Role = 'guest' | 'author' | 'reviewer' | 'organiser';

/** What a screen is brought up with. */
export interface Visit {
  page: Page;
  portal: Portal;
  watch: Watch;
}

interface Screen {
  as: Role;
  show(visit: Visit): Promise<unknown>;
}

/** Each page of the portal, by its file, in the states that look different, as the role that sees it. */
export const SCREENS: Record<string, Record<string, Screen>> = {
  'routes/public/home.tsx': { plain: at('guest', () => '/') },
  'routes/public/conference.tsx': { plain: at('guest', ({ conference }) => conference) },
  'routes/public/programme.tsx': {
    'signed out': at('guest', ({ conference }) => `${conference}/programme`),
    'with stars': at('reviewer', ({ conference }) => `${conference}/programme?q=ferry`),
    'nothing found': at('guest', ({ conference }) => `${conference}/programme?q=nowhere`),
  },
  'routes/public/paper.tsx': {
    'signed out': at('guest', ({ conference }) => `${conference}/papers/T0121`),
    starred: at('reviewer', ({ conference }) => `${conference}/papers/T0121`),
    'another script': at('guest', ({ conference }) => `${conference}/papers/T0117`),
  },
  'routes/public/schedule.tsx': {
    'with papers': at('reviewer', ({ conference }) => `${conference}/schedule`),
    empty: at('organiser', ({ conference }) => `${conference}/schedule`),
  },
  'routes/public/nothing.tsx': {
    'not there': {
      as: 'guest',
      async show({ page, watch }) {
        watch.expects(404, /^\/no\/such\/page$/);
        await page.goto('/no/such/page');
      },
    },
  },

  'routes/account/sign-in.tsx': {
    plain: at('guest', () => '/sign-in'),
    refused: {
      as: 'guest',
      async show({ page, watch }) {
        await page.goto('/sign-in');
        watch.expects(422, /^\/sign-in$/);
        await send(page, 'signIn.button');
      },
    },
    sent: at('guest', () => '/sign-in?sent=1'),
  },
  'routes/account/sign-in-link.tsx': {
    'somebody new': {
      as: 'guest',
      async show({ page, portal }) {
        const address = newAddress('looker');
        await page.goto('/sign-in');
        await page.getByLabel(say('signIn.address')).fill(address);
        await send(page, 'signIn.button');
        await page.goto(linkIn(await portal.mailbox.next(address)));
      },
    },
    'used up': at('guest', () => '/sign-in/link/used-up'),
  },
  'routes/account/account.tsx': {
    plain: at('author', () => '/account'),
    refused: {
      as: 'author',
      async show({ page, watch }) {
        await page.goto('/account');
        await page.getByLabel(say('account.currentPassword')).fill('not this one');
        watch.expects(422, /^\/account$/);
        await send(page, 'account.confirm');
      },
    },
    'after a link, refused': {
      as: 'guest',
      async show({ page, portal, watch }) {
        await page.goto('/sign-in?next=/account');
        await signInByLink(page, portal, newAddress('looker'), 'Some Looker');
        await page.getByLabel(say('account.addAddress')).fill('no address');
        watch.expects(422, /^\/account$/);
        await send(page, 'account.add');
      },
    },
  },
  'routes/account/security.tsx': {
    plain: at('author', () => '/account/security'),
    refused: {
      as: 'author',
      async show({ page, portal, watch }) {
        await page.goto('/account/security');
        await page.getByLabel(say('account.currentPassword')).fill(portal.password);
        await page.getByLabel(say('account.newPassword')).fill('password12');
        watch.expects(422, /^\/account\/security$/);
        await send(page, 'account.setPassword');
      },
    },
  },
  'routes/account/passkeys.tsx': {
    plain: at('author', () => '/account/passkeys'),
    refused: {
      as: 'author',
      async show({ page, watch }) {
        await page.goto('/account/passkeys');
        await page.getByLabel(say('account.currentPassword')).fill('not this one');
        watch.expects(422, /^\/account\/passkeys$/);
        await send(page, 'account.confirm');
      },
    },
  },
  'routes/account/passkey-sign-in.tsx': {
    failed: {
      as: 'guest',
      async show({ page, watch }) {
        await page.goto('/sign-in');
        watch.expects(422, /^\/sign-in\/passkey$/);
        await page.evaluate(() => {
          const form = document.createElement('form');
          form.method = 'post';
          form.action = '/sign-in/passkey';
          document.body.append(form);
          form.submit();
        });
        await page.getByRole('alert').waitFor();
      },
    },
  },

  'routes/account/address.tsx': {
    asked: {
      as: 'guest',
      async show({ page, portal }) {
        const address = newAddress('second');
        await page.goto('/sign-in?next=/account');
        await signInByLink(page, portal, newAddress('looker'), 'Some Looker');
        await page.getByLabel(say('account.addAddress')).fill(address);
        await send(page, 'account.add');
        await page.goto(linkIn(await portal.mailbox.next(address)));
      },
    },
  },
  'routes/account/rules.tsx': {
    plain: at('author', () => '/account/letters'),
    refused: {
      as: 'author',
      async show({ page, watch }) {
        await page.goto('/account/letters');
        await page.getByLabel(say('letters.quietFrom')).fill('22:00');
        watch.expects(422, /^\/account\/letters$/);
        await send(page, 'form.save');
      },
    },
  },

  'routes/messages/write.tsx': {
    'a guest': at('guest', ({ conference }) => `${conference}/papers/T0121/message`),
    'signed in': at('reviewer', ({ conference }) => `${conference}/papers/T0121/message`),
    refused: {
      as: 'guest',
      async show({ page, portal, watch }) {
        await page.goto(`${portal.conference}/papers/T0121/message`);
        watch.expects(422, /\/message$/);
        await send(page, 'message.continue');
      },
    },
    sent: at('guest', ({ conference }) => `${conference}/papers/T0121/message?sent=1`),
  },
  'routes/messages/letter.tsx': {
    plain: {
      as: 'reviewer',
      async show({ page, portal }) {
        const subject = `A letter ${newAddress('looker')}`.replace(/@.*/, '');
        await page.goto(`${portal.conference}/papers/T0121/message`);
        await page.getByLabel(say('message.subject')).fill(subject);
        await page.getByLabel(say('message.body')).fill('What is it like?');
        await send(page, 'message.send');
        const letter = await portal.mailbox.next('gulsat.tilegenova@example.org', subject);
        await page.goto(/^https?:\S+\/letters\/\S+$/m.exec(letter.text)![0]);
      },
    },
  },
  'routes/messages/confirm.tsx': {
    waiting: {
      as: 'guest',
      async show({ page, portal }) {
        const address = newAddress('looker');
        await page.goto(`${portal.conference}/papers/T0121/message`);
        await page.getByLabel(say('message.name'), { exact: true }).fill('Somebody New');
        await page.getByLabel(say('message.address')).fill(address);
        await page.getByLabel(say('message.subject')).fill('A question');
        await page.getByLabel(say('message.body')).fill('What is it like?');
        await takenOver(page);
        await send(page, 'message.continue');
        await page.goto(linkIn(await portal.mailbox.next(address)));
      },
    },
    'used up': at('guest', () => '/confirm/used-up'),
  },
  'routes/messages/threads.tsx': {
    'with threads': at('author', ({ conference }) => `${conference}/messages`),
    empty: at('organiser', ({ conference }) => `${conference}/messages`),
    'nothing found': at('author', ({ conference }) => `${conference}/messages?q=nowhere`),
  },
  'routes/messages/thread.tsx': {
    'the author': first('author', ({ conference }) => `${conference}/messages`),
    'the writer': first('reviewer', ({ conference }) => `${conference}/messages`),
    rules: {
      as: 'author',
      async show({ page, portal }) {
        await page.goto(`${portal.conference}/messages`);
        await follow(page, page.getByRole('main').getByRole('link').first());
        await page.getByText(say('thread.rules'), { exact: true }).click();
      },
    },
  },

  'routes/author/submit.tsx': {
    empty: at('author', ({ conference }) => `${conference}/submit`),
    refused: {
      as: 'author',
      async show({ page, portal }) {
        await page.goto(`${portal.conference}/submit`);
        await takenOver(page);
        await button(page, 'submit.addAuthor').click();
        await button(page, 'submit.submit').click();
        await page.getByRole('alert').waitFor();
      },
    },
  },
  'routes/author/asked.tsx': {
    asked: {
      as: 'author',
      async show({ page, portal }) {
        const address = newAddress('named');
        await page.goto(`${portal.conference}/submit`);
        await takenOver(page);
        await page.getByLabel(say('submit.titleField'), { exact: true }).fill(newPaper('Asked').title);
        await chooseFirst(page);
        await page.getByLabel(say('paper.abstract'), { exact: true }).fill('Who wrote it?');
        await button(page, 'submit.addAuthor').click();
        const second = page.getByRole('group', { name: say('submit.author', { number: 2 }) });
        await second.getByLabel(say('submit.authorName')).fill('Somebody Named');
        await second.getByLabel(say('submit.address')).fill(address);
        await send(page, 'submit.submit');
        await page.goto(linkIn(await portal.mailbox.next(address)));
      },
    },
    'not there': at('guest', () => '/authorship/used-up'),
  },
  'routes/author/authorship.tsx': {
    plain: under('author', ({ conference }) => `${conference}/submissions`, 'Salt on the Sleeves', '/authorship'),
  },
  'routes/author/submissions.tsx': {
    some: at('author', ({ conference }) => `${conference}/submissions`),
    none: at('organiser', ({ conference }) => `${conference}/submissions`),
  },
  'routes/author/submission.tsx': {
    'to edit': first('author', ({ conference }) => `${conference}/submissions`, 'Salt on the Sleeves'),
    decided: first('author', ({ conference }) => `${conference}/submissions`, 'Everything about Deserts'),
    stale: {
      as: 'author',
      async show({ page, portal, watch }) {
        const { title } = newPaper('Stale');
        await page.goto(`${portal.conference}/submit`);
        await page.getByLabel(say('submit.titleField'), { exact: true }).fill(title);
        await chooseFirst(page);
        await button(page, 'submit.draft').click();
        await notice(page, 'notice.draftSaved').waitFor();
        const other = await page.context().newPage();
        await other.goto(page.url());
        await other.getByLabel(say('paper.abstract'), { exact: true }).fill('What the other says.');
        await button(other, 'submit.draft').click();
        await notice(other, 'notice.saved').waitFor();
        await other.close();
        await page.getByLabel(say('paper.abstract'), { exact: true }).fill('What this one says.');
        watch.expects(409, /\/submissions\//);
        await button(page, 'submit.draft').click();
        await page.getByRole('alert').waitFor();
      },
    },
  },

  'routes/review/list.tsx': {
    'a reviewer': at('reviewer', ({ conference }) => `${conference}/review`),
    'an organiser': at('organiser', ({ conference }) => `${conference}/review`),
  },
  'routes/review/submission.tsx': {
    'a reviewer': first('reviewer', ({ conference }) => `${conference}/review`, 'Salt on the Sleeves'),
    'an organiser': {
      as: 'organiser',
      async show({ page, portal }) {
        await page.goto(`${portal.conference}/review?state=rejected`);
        await follow(page, page.getByRole('link', { name: 'Everything about Deserts' }));
      },
    },
  },
  'routes/review/byline.tsx': {
    plain: under('organiser', ({ conference }) => `${conference}/review`, 'Counting Sheep Twice', '/byline'),
  },
  'routes/review/decide.tsx': {
    plain: {
      as: 'organiser',
      async show({ page, portal }) {
        await page.goto(`${portal.conference}/review`);
        await follow(page, page.getByRole('link', { name: 'Counting Sheep Twice' }));
        await follow(page, page.getByRole('link', { name: say('decide.reject') }));
      },
    },
  },

  'routes/messages/report.tsx': {
    plain: {
      as: 'author',
      async show({ page, portal }) {
        await page.goto(`${portal.conference}/messages`);
        await follow(page, page.getByRole('main').getByRole('link', { name: 'The soundings' }));
        await follow(
          page,
          page
            .getByRole('main')
            .getByRole('link', { name: /^Report the message/ })
            .first(),
        );
      },
    },
  },
  'routes/conduct/reports.tsx': { plain: at('organiser', ({ conference }) => `${conference}/conduct`) },
  'routes/conduct/report.tsx': {
    plain: first('organiser', ({ conference }) => `${conference}/conduct`),
  },

  'routes/organise/conference.tsx': {
    plain: at('organiser', ({ conference }) => `${conference}/organise`),
    asked: {
      as: 'organiser',
      async show({ page, portal, watch }) {
        await page.goto(`${portal.conference}/organise`);
        await page.getByLabel(say('organise.timeZone')).selectOption('Europe/Berlin');
        watch.expects(422, /\/organise$/);
        await send(page, 'form.save');
      },
    },
    refused: {
      as: 'organiser',
      async show({ page, portal, watch }) {
        await page.goto(`${portal.conference}/organise`);
        await page.getByLabel(say('organise.timeZone')).selectOption('');
        watch.expects(422, /\/organise$/);
        await send(page, 'form.save');
      },
    },
  },
  'routes/organise/choices.tsx': {
    plain: at('organiser', ({ conference }) => `${conference}/organise/choices`),
    refused: {
      as: 'organiser',
      async show({ page, portal, watch }) {
        await page.goto(`${portal.conference}/organise/choices`);
        watch.expects(422, /\/choices$/);
        await follow(page, button(page, 'organise.addButton').first());
      },
    },
    asked: {
      as: 'organiser',
      async show({ page, portal, watch }) {
        await page.goto(`${portal.conference}/organise/choices`);
        await page.getByLabel(say('organise.wordLimit')).first().fill('20');
        watch.expects(422, /\/choices$/);
        await follow(page, button(page, 'form.save').first());
      },
    },
  },
  'routes/organise/mail.tsx': {
    plain: at('organiser', ({ conference }) => `${conference}/organise/mail`),
    empty: at('organiser', ({ conference }) => `${conference}/organise/mail?state=unknown`),
  },
  'routes/organise/people.tsx': {
    plain: at('organiser', ({ conference }) => `${conference}/organise/people`),
    refused: {
      as: 'organiser',
      async show({ page, portal, watch }) {
        await page.goto(`${portal.conference}/organise/people`);
        watch.expects(422, /\/people$/);
        await send(page, 'people.send');
      },
    },
    asked: {
      as: 'organiser',
      async show({ page, portal, watch }) {
        await page.goto(`${portal.conference}/organise/people`);
        watch.expects(422, /\/people$/);
        await follow(page, page.getByRole('button', { name: /^Remove .* reviewer$/ }).first());
      },
    },
  },
};

/** The same for a portal that keeps its mail to itself. */
export const CAPTURING: typeof SCREENS = {
  'routes/dev/mails.tsx': { plain: at('guest', () => '/dev/mail') },
  'routes/dev/mail.tsx': {
    plain: {
      as: 'guest',
      async show({ page }) {
        // The demo's messages are being written as the server starts.
        const mail = page.getByRole('main').getByRole('listitem').getByRole('link').first();
        await page.goto('/dev/mail');
        while ((await mail.count()) === 0) await page.reload();
        await follow(page, mail);
      },
    },
  },
};

/** Brings up a page, signed in as one of the demo's people. Each signs in once a worker. */
export async function visitAs(browser: Browser, portal: Portal, watch: Watch, role: Role): Promise<Page> {
  const context = await browser.newContext({
    storageState: await signedIn(browser, portal, role),
    reducedMotion: 'reduce',
  });
  watch.follow(context);
  return context.newPage();
}

type StorageState = Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>>;
const states = new Map<Role, StorageState>();

async function signedIn(browser: Browser, portal: Portal, role: Role): Promise<StorageState | undefined> {
  if (role === 'guest') return undefined;
  const known = states.get(role);
  if (known) return known;
  const page = await browser.newPage();
  await signInByPassword(page, portal, role);
  const state = await page.context().storageState();
  await page.context().close();
  states.set(role, state);
  return state;
}

function at(as: Role, path: (portal: Portal) => string): Screen {
  return { as, show: ({ page, portal }) => page.goto(path(portal)) };
}

/** The page behind a link of a list: the one of that name, or the first. */
function first(as: Role, list: (portal: Portal) => string, name?: string): Screen {
  return {
    as,
    async show({ page, portal }) {
      await page.goto(list(portal));
      await follow(page, page.getByRole('main').getByRole('link', { name }).first());
    },
  };
}

/** A page below the one that such a link leads to. */
function under(as: Role, list: (portal: Portal) => string, name: string, below: string): Screen {
  return {
    as,
    async show(visit) {
      await first(as, list, name).show(visit);
      await visit.page.goto(new URL(visit.page.url()).pathname + below);
    },
  };
}

/** Goes where a link or button leads, and waits until that page is whole. */
async function follow(page: Page, link: Locator): Promise<void> {
  await Promise.all([page.waitForEvent('load'), link.click()]);
}

/** Sends a form off, and waits for the page that answers. */
async function send(page: Page, key: Parameters<typeof say>[0]): Promise<void> {
  await follow(page, button(page, key));
}

function button(page: Page, key: Parameters<typeof say>[0]): Locator {
  return page.getByRole('button', { name: say(key), exact: true });
}
