import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { engines } from '../support/database';
import { dump } from '../support/dump';
import { outboxStates, runWorker, until } from '../support/mail';
import { fill, portalPaths } from '../support/paths';
import { openPortal, type TestPortal, type Visitor } from '../support/portal';
import { openSmtpSink } from '../support/smtp-sink';
import { findLeaks, type Leak, readable } from './leaks';
import { addresses, plantAddresses, planted } from './planted';

/** Without a server, captured mail would be shown on pages of its own, to developers. */
const WITH_SERVER = { env: { SMTP_URL: 'smtp://127.0.0.1:1', INBOUND_LISTEN: 'lmtp://127.0.0.1:0' } };

describe('relay 78: no address leaks', () => {
  test('from any page, as anybody, nor from its data', async () => {
    const portal = await openPortal(WITH_SERVER);
    const world = await plantAddresses(portal);
    const swept = new Set<string>();
    const leaks: Leak[] = [];
    for (const [role, visitor] of [['nobody', undefined], ...Object.entries(world.people)] as const) {
      for (const route of portalPaths()) {
        for (const path of filled(route, world.values)) {
          const own = route === '/account' && visitor ? ownAddresses(visitor) : [];
          leaks.push(...(await sweep(portal, role, path, visitor, own)));
        }
        swept.add(route);
      }
    }
    expect(leaks).toEqual([]);
    expect([...swept].sort()).toEqual(portalPaths().sort());
    // The one page that shows one: to its owner.
    for (const owner of [world.people.author, world.people.coauthor]) {
      const account = await portal.get('/account', { as: owner });
      expect(new Set(findLeaks('', account.html, addresses).map(({ address }) => address))).toEqual(
        new Set(ownAddresses(owner)),
      );
    }
  }, 120_000);

  test('from what is refused', async () => {
    const portal = await openPortal(WITH_SERVER);
    const world = await plantAddresses(portal);
    const leaks: Leak[] = [];
    for (const [role, visitor] of [['nobody', undefined], ...Object.entries(world.people)] as const) {
      for (const path of portalPaths().flatMap((route) => filled(route, world.values).slice(0, 1))) {
        if (path === '/sign-out') continue;
        for (const origin of ['https://portal.example', 'https://evil.example']) {
          const answer = await portal.post(path, { act: 'nothing', intent: 'nothing' }, { as: visitor, origin });
          const own = path === '/account' && visitor ? ownAddresses(visitor) : [];
          leaks.push(...leaksBut(own, `POST ${path} as ${role}`, everythingOf(answer)));
        }
      }
    }
    expect(leaks).toEqual([]);
  }, 120_000);

  test.each(engines)('into a mail, the log or any table but one, on %s', async (engine) => {
    const portal = await openPortal({ engine, ...WITH_SERVER });
    const { ctx } = portal;
    const sink = await openSmtpSink();
    // Servers quote the address in what they answer.
    sink.rule = (stage, to) => (stage === 'rcpt' && to === planted.refused ? 550 : undefined);
    const world = await plantAddresses(portal);
    const worker = runWorker(ctx, sink);
    await until(async () => {
      const { queued = 0, sending = 0 } = await outboxStates(ctx);
      return queued + sending === 0;
    });
    await worker.stop();

    const leaks = findLeaks('import', JSON.stringify(world.imported), addresses);
    for (const mail of sink.mails) leaks.push(...findLeaks(`mail to ${mail.to}`, await readable(mail.raw), addresses));
    expect(sink.mails.flatMap((mail) => mail.to)).toEqual(
      expect.arrayContaining(
        (
          [
            'account-author',
            'guest-confirmed',
            'invited',
            'account-named',
            'byline-unverified',
            'byline-confirmed',
            'byline-changed',
            'address-asked',
            'address-added',
          ] as const
        ).map((name) => planted[name]),
      ),
    );
    expect(sink.mails.flatMap((mail) => mail.to)).not.toContain(planted['byline-declined']);
    // Who has not said that it is theirs gets nothing but the question.
    for (const name of ['account-named', 'byline-unverified', 'byline-changed'] as const)
      for (const mail of sink.mails.filter(({ to }) => to.includes(planted[name])))
        expect([name, /https:\/\/portal\.example\/\w+/.exec(await readable(mail.raw))?.[0]]).toEqual([
          name,
          'https://portal.example/authorship',
        ]);
    for (const mail of sink.mails) expect(mail.to).toHaveLength(1);

    // Something breaks in the middle.
    await sql`alter table outbox rename to elsewhere`.execute(ctx.db);
    const broken = await portal.post('/sign-in', { address: planted.crashed });
    expect([broken.status, broken.heading]).toEqual([500, 'Something went wrong here']);
    leaks.push(...findLeaks('500', everythingOf(broken), addresses));

    leaks.push(...findLeaks('log', ctx.logged.join(''), addresses));
    expect(ctx.logged.join('')).toContain('route failed');
    for (const [table, rows] of Object.entries(await dump(ctx.db, ['mailboxes'])))
      leaks.push(...findLeaks(`table ${table}`, rows.join('\n'), addresses));
    expect(leaks).toEqual([]);
    // The one table has them all but those that were never taken in.
    const held = (await dump(ctx.db)).mailboxes!.join('\n');
    const missing = addresses.filter((address) => !held.includes(address));
    expect(missing).toEqual(
      [
        'imported-unusable',
        'wrong-password',
        'kept-byline',
        'kept-invitation',
        'inbound-stranger',
        'inbound-copied',
        'bounced',
        'crashed',
      ].map((name) => planted[name as keyof typeof planted]),
    );
  });
});

describe('the sweep is able to find', () => {
  const address = planted['byline-unverified'];
  const [local, domain] = address.split('@') as [string, string];
  const forms: Record<string, string> = {
    plain: `x${address}y`,
    'in other letters': address.toUpperCase(),
    'half of it': `…@${domain}`,
    'the other half': `${local} at …`,
    'percent-encoded': [...address].map((c) => `%${c.charCodeAt(0).toString(16)}`).join(''),
    'in a query': encodeURIComponent(address),
    'HTML entities': [...address].map((c) => `&#${c.charCodeAt(0)};`).join(''),
    'hexadecimal entities': [...address].map((c) => `&#x${c.charCodeAt(0).toString(16)};`).join(''),
    'JavaScript escapes': [...address].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    'quoted-printable': [...address].map((c) => `=${c.charCodeAt(0).toString(16)}`).join(''),
    'across a soft line break': `${local.slice(0, 5)}=\r\n${local.slice(5)}`,
    'base64, first place': Buffer.from(`${address} and more`).toString('base64'),
    'base64, second place': Buffer.from(`.${address} and more`).toString('base64'),
    'base64, third place': Buffer.from(`..${address} and more`).toString('base64url'),
    'base64 over two lines': Buffer.from(`long ${address} words`)
      .toString('base64')
      .replace(/(.{11})/g, '$1\r\n'),
    hex: Buffer.from(address).toString('hex'),
  };
  test.each(Object.entries(forms))('an address that is %s', (_, text) => {
    expect(findLeaks('here', text, [address])).not.toEqual([]);
    expect(findLeaks('here', text, [planted.imported])).toEqual([]);
  });

  test('one in a mail, in its headers, text or attachment, but not the recipient’s own line', async () => {
    const mail = (header: string, body: string) => `To: ${address}\r\nSubject: x\r\n${header}\r\n\r\n${body}\r\n`;
    expect(findLeaks('', await readable(mail('X-A: b', 'Hello')), [address])).toEqual([]);
    const word = `=?utf-8?b?${Buffer.from(address).toString('base64')}?=`;
    expect(findLeaks('', await readable(mail(`From: ${word} <a@b.example>`, 'Hello')), [address])).not.toEqual([]);
    const encoded = 'Content-Transfer-Encoding: base64';
    const body = Buffer.from(`Hello ${address}`).toString('base64');
    expect(findLeaks('', await readable(mail(encoded, body)), [address])).not.toEqual([]);
  });

  test('one on a page, in its data and in a table', async () => {
    const portal = await openPortal(WITH_SERVER);
    const world = await plantAddresses(portal);
    const name = `Aigul (${planted.imported})`;
    await portal.ctx.db.updateTable('version_authors').set({ name }).where('position', '=', 0).execute();
    const leaks = await sweep(portal, 'nobody', '/cas-2027/papers/T0001', undefined, []);
    expect(new Set(leaks.map(({ place, address }) => `${place}: ${address}`))).toEqual(
      new Set(['', '.data'].map((end) => `/cas-2027/papers/T0001${end} as nobody: ${planted.imported}`)),
    );
    const rows = (await dump(portal.ctx.db, ['mailboxes'])).version_authors!.join('\n');
    expect(findLeaks('', rows, addresses)).not.toEqual([]);
    expect(world.people.author.address).toBe(planted['account-author']);
  });
});

/** What the one page that shows addresses shows to their owner. */
function ownAddresses({ address }: { address: string }): string[] {
  return address === planted['account-coauthor'] ? [address, planted['address-added']] : [address];
}

/** Reads a page and, as a browser with scripts would, its loaders' data. */
async function sweep(
  portal: TestPortal,
  role: string,
  path: string,
  as: Visitor | undefined,
  own: string[],
): Promise<Leak[]> {
  const leaks: Leak[] = [];
  for (const asked of [path, path === '/' ? '/_root.data' : `${path}.data`]) {
    const answer = await portal.get(asked, { as });
    if (answer.status >= 500) throw new Error(`${asked} as ${role}: ${answer.status}`);
    leaks.push(...leaksBut(own, `${asked} as ${role}`, everythingOf(answer)));
  }
  return leaks;
}

function leaksBut(own: string[], place: string, text: string): Leak[] {
  return findLeaks(
    place,
    text,
    addresses.filter((address) => !own.includes(address)),
  );
}

function everythingOf(answer: { headers: Headers; html: string }): string {
  return [...answer.headers].map((header) => header.join(': ')).join('\n') + answer.html;
}

/** The address once for each value of its parameter, where the address has none of its own. */
function filled(route: string, values: Record<string, string[]>): string[] {
  const [name = ''] = [...route.matchAll(/:(\w+)|\*/g)]
    .map((match) => match[1] ?? '*')
    .filter((name) => name !== 'conference');
  return (values[route] ?? values[name] ?? ['']).map((value) =>
    fill(route, { conference: values.conference![0]!, [name]: value }),
  );
}
