import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { authenticityOf } from '~/domain/mail/authenticity.server';
import { rawMail } from '~/domain/mail/inbound/raw-mail.server';
import { testContext } from '../../support/context';
import { opened } from '../../support/incoming';

const MAIL = Buffer.from('From: <me@victim.example>\r\nTo: <r@portal.example>\r\n\r\nHello');

const PASS = 'mx.front.example; dmarc=pass (p=reject) header.from=victim.example';

describe('the verdict of a front server', () => {
  async function believed(...verdicts: string[]): Promise<boolean> {
    const { config } = await testContext();
    const inbound = { ...config.inbound!, authservId: 'mx.front.example' };
    const headers = verdicts.map((verdict) => `Authentication-Results: ${verdict}\r\n`).join('');
    const bytes = Buffer.from(`${headers}From: <me@victim.example>\r\nTo: <r@portal.example>\r\n\r\nHello`);
    const arrival = { ip: null, helo: '', returnPath: '' };
    return (
      (await authenticityOf({ ...config, inbound }, async () => [], rawMail(bytes), opened(bytes), arrival)) ===
      'proven'
    );
  }

  test.each([
    PASS,
    'MX.front.example 1; spf=fail smtp.mailfrom=a@b.example; dmarc=pass header.from=Victim.example',
    'mx.front.example (of (the) front);\r\n dmarc = pass (p=none; sp=none) policy.dmarc=none\r\n header.from=victim.example',
  ])('is believed: %j', async (verdict) => {
    expect(await believed(verdict)).toBe(true);
  });

  test.each([
    ['of another server', 'mx.other.example; dmarc=pass header.from=victim.example'],
    ['of a server whose name only begins so', 'mx.front.example.evil.example; dmarc=pass header.from=victim.example'],
    ['for another domain', 'mx.front.example; dmarc=pass header.from=evil.example'],
    ['for a longer domain', 'mx.front.example; dmarc=pass header.from=victim.example.evil.example'],
    ['that fails', 'mx.front.example; dmarc=fail header.from=victim.example'],
    ['that says nothing', 'mx.front.example; none'],
    [
      'with another within a quoted envelope sender',
      'mx.front.example; spf=pass smtp.mailfrom="a; dmarc=pass header.from=victim.example ;"@evil.example; dmarc=fail header.from=victim.example',
    ],
    [
      'with another within a comment',
      'mx.front.example; spf=pass (domain of a; dmarc=pass header.from=victim.example ;) smtp.helo=x; dmarc=fail header.from=victim.example',
    ],
    [
      'with a domain in a comment',
      'mx.front.example; dmarc=pass (header.from=victim.example) header.from=evil.example',
    ],
    [
      'with a quote that never ends',
      'mx.front.example; spf=pass smtp.mailfrom="a; dmarc=pass header.from=victim.example',
    ],
    [
      'that says both',
      'mx.front.example; dmarc=pass header.from=victim.example; dmarc=fail header.from=victim.example',
    ],
  ])('is not, where it is one %s', async (_what, verdict) => {
    expect(await believed(verdict)).toBe(false);
  });

  test('and only the topmost counts', async () => {
    expect(await believed('mx.front.example; dmarc=fail header.from=victim.example', PASS)).toBe(false);
  });
});

describe('what the portal finds itself', () => {
  /** Of a name system in which each kind of question has that answer, or none for now. */
  async function found(answers: { policy: string[][] | 'away'; spf: string[][] | 'away' }) {
    const { config } = await testContext();
    const resolver = async (name: string, type: string) => {
      if (type !== 'TXT') throw Object.assign(new Error('nothing'), { code: 'ENOTFOUND' });
      const answer = name.startsWith('_dmarc.') ? answers.policy : answers.spf;
      if (answer === 'away') throw Object.assign(new Error('no answer in time'), { code: 'ETIMEOUT' });
      return answer;
    };
    const arrival = { ip: '192.0.2.55', helo: 'mx.victim.example', returnPath: 'me@victim.example' };
    const inbound = { ...config.inbound!, authservId: null };
    return authenticityOf({ ...config, inbound }, resolver, rawMail(MAIL), opened(MAIL), arrival);
  }
  const policy = [['v=DMARC1; p=none']];
  const spf = [['v=spf1 ip4:192.0.2.55 -all']];

  test('is proven by a policy and a sender that it allows', async () => {
    expect(await found({ policy, spf })).toBe('proven');
  });

  test('is unproven where another sends, or where there is no policy', async () => {
    expect(await found({ policy, spf: [['v=spf1 -all']] })).toBe('unproven');
    expect(await found({ policy: [], spf })).toBe('unproven');
  });

  test('is asked again later where the name system does not answer', async () => {
    expect(await found({ policy: 'away', spf })).toBe('later');
    expect(await found({ policy, spf: 'away' })).toBe('later');
  });
});

test('a From that can be read in two ways proves nothing for who owns neither', async () => {
  const { config } = await testContext();
  // All of evil.example passes, and nothing else has a policy.
  const resolver = async (name: string, type: string) => {
    if (type === 'TXT' && name === '_dmarc.evil.example') return [['v=DMARC1; p=none']];
    if (type === 'TXT' && name === 'evil.example') return [['v=spf1 ip4:192.0.2.55 -all']];
    throw Object.assign(new Error('nothing'), { code: 'ENOTFOUND' });
  };
  const arrival = { ip: '192.0.2.55', helo: 'mx.evil.example', returnPath: 'x@evil.example' };
  const [victim, evil] = ['me@victim.example', 'x@evil.example'];
  const pieces = [
    victim,
    evil,
    `<${victim}>`,
    `<${evil}>`,
    `"${victim}"`,
    `(${evil})`,
    ',',
    ';',
    ':',
    '"',
    '<',
    '>',
    ' ',
  ];
  const words = ['=?utf-8?Q?me=40victim.example?=', '=?utf-8?Q?x=40evil.example?=', 'A Group:', '\\', '\0', '@', '\t'];
  const from = fc.array(fc.constantFrom(...pieces, ...words), { minLength: 1, maxLength: 6 });
  const lines = fc.constantFrom('From: ', 'from:', 'From : ', `From: ${evil}\r\nFrom: `, `Sender: ${evil}\r\nFrom: `);
  await fc.assert(
    fc.asyncProperty(lines, from, async (line, parts) => {
      const bytes = Buffer.from(`${line}${parts.join('')}\r\nTo: <r@portal.example>\r\n\r\nHello`);
      const mail = opened(bytes);
      if (mail.from.length !== 1) return;
      const inbound = { ...config.inbound!, authservId: null };
      const found = await authenticityOf({ ...config, inbound }, resolver, rawMail(bytes), mail, arrival);
      if (mail.from[0]!.toLowerCase() === victim) expect(found).toBe('unproven');
    }),
    { numRuns: 3_000 },
  );
});
