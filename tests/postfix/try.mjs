// Tries what docs/running.md says about Postfix: a real one on the loopback, in front of a real portal. Needs root and
// Debian's postfix; touches nothing outside a temporary directory. Run it with `node tests/postfix/try.mjs`.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOMAIN = 'reply.colloquy.example';
const AUTHSERV = 'mx.colloquy.example';
/** The demo's author, to whom the demo's reader has written. */
const AUTHOR = 'gulsat.tilegenova@example.org';

if (!existsSync('/usr/sbin/postfix') || process.getuid() !== 0) {
  console.log('This needs root and Debian’s postfix (apt-get install postfix). Nothing was tried.');
  process.exit(77);
}

const dir = await mkdtemp(join(tmpdir(), 'colloquy-postfix-'));
const ports = { postfix: await freePort(), lmtp: await freePort(), sink: await freePort(), web: await freePort() };
const config = join(dir, 'etc');
const mails = [];
const results = [];
let portal = null;
const sink = await openSink();
try {
  await writeConfiguration();
  postfix('start');
  portal = await startPortal();
  const letter = await until('the demo’s letter', () => mails.find((mail) => mail.to === AUTHOR && mail.replyTo));
  await check('an answer goes through Postfix and the portal to the other side, without an address', async () => {
    await send({ to: letter.replyTo, text: 'It came through Postfix.' });
    const answer = await until('the answer', () =>
      mails.find((mail) => mail.text.includes('It came through Postfix.')),
    );
    return answer.to !== AUTHOR && !answer.raw.includes(AUTHOR);
  });
  await check('a verdict that the sender has forged does not count', async () => {
    const forged = { 'Authentication-Results': `${AUTHSERV}; dmarc=pass header.from=example.org` };
    await send({ to: letter.replyTo, text: 'Forged.', headers: { ...forged, 'X-Verdict': 'fail' } });
    await until('the question', () =>
      mails.find((mail) => mail.to === AUTHOR && /Is this answer yours/.test(mail.subject)),
    );
    return !mails.some((mail) => mail.text.includes('Forged.'));
  });
  await check('an unknown address is refused by Postfix at RCPT', async () => {
    const refusal = await send({ to: `r-${'0'.repeat(26)}@${DOMAIN}`, text: 'Anybody?' }).catch((error) => error);
    return refusal.responseCode === 550 && refusal.command === 'RCPT TO';
  });
  await check('a mail that is too large is refused by Postfix', async () => {
    const refusal = await send({ to: letter.replyTo, text: `${'x'.repeat(70)}\n`.repeat(5_000) }).catch(
      (error) => error,
    );
    return refusal.responseCode === 552;
  });
  await check('what comes while the portal is away waits, and is delivered once when it is back', async () => {
    await stop(portal);
    await send({ to: letter.replyTo, text: 'Patient words.' });
    await sleep(2_000);
    portal = await startPortal();
    await until('the answer', async () => {
      // Postfix takes a while to try again a server that it has found dead.
      postfix('flush');
      await sleep(2_000);
      return mails.find((mail) => mail.text.includes('Patient words.'));
    });
    await sleep(2_000);
    return mails.filter((mail) => mail.text.includes('Patient words.')).length === 1;
  });
} finally {
  if (portal) await stop(portal);
  postfix('stop');
  await new Promise((resolve) => sink.close(resolve));
  if (results.includes(false)) console.log(await readFile(join(dir, 'log'), 'utf8').catch(() => ''));
  await rm(dir, { recursive: true, force: true });
}
const passed = results.filter(Boolean).length;
console.log(`${passed} passed, ${results.length - passed} failed`);
process.exitCode = passed === results.length ? 0 : 1;

async function check(what, work) {
  const good = await work().catch((error) => {
    console.log(String(error));
    return false;
  });
  results.push(good);
  console.log(`${good ? 'ok  ' : 'FAIL'} ${what}`);
}

/** The settings of the documentation, and around them what keeps this Postfix to itself. */
async function writeConfiguration() {
  const told = /```\n# \/etc\/postfix\/main\.cf\n([\s\S]*?)```/.exec(
    await readFile(join(ROOT, 'docs/running.md'), 'utf8'),
  );
  if (!told) throw new Error('docs/running.md has no settings for Postfix');
  for (const name of ['etc', 'spool', 'lib']) await mkdir(join(dir, name), { mode: 0o755 });
  execFileSync('chmod', ['755', dir]);
  execFileSync('chown', ['postfix', join(dir, 'lib')]);
  // Stands in for a milter such as OpenDMARC: it takes forged verdicts out, and writes one of its own.
  await writeFile(
    join(config, 'verdict'),
    [
      `/^Authentication-Results:\\s*${AUTHSERV.replaceAll('.', '\\.')}/ IGNORE`,
      `/^X-Verdict: fail/ REPLACE Authentication-Results: ${AUTHSERV}; dmarc=fail header.from=example.org`,
      `/^X-Verdict: pass/ REPLACE Authentication-Results: ${AUTHSERV}; dmarc=pass header.from=example.org`,
      '',
    ].join('\n'),
  );
  await writeFile(
    join(config, 'main.cf'),
    `compatibility_level = 3.6
myhostname = ${AUTHSERV}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
queue_directory = ${join(dir, 'spool')}
data_directory = ${join(dir, 'lib')}
maillog_file = ${join(dir, 'log')}
maillog_file_prefixes = ${dir}
header_checks = regexp:${join(config, 'verdict')}
${told[1].replaceAll('2525', String(ports.lmtp))}`,
  );
  const master = await readFile('/usr/share/postfix/master.cf.dist', 'utf8');
  await writeFile(
    join(config, 'master.cf'),
    master
      .replace(/^smtp +inet .*$/m, `127.0.0.1:${ports.postfix} inet n - n - - smtpd`)
      .replace(/^(\w\S* +(?:unix|fifo) +\S+ +\S+ +)y /gm, '$1n '),
  );
}

function postfix(command) {
  execFileSync('postfix', ['-c', config, command], { stdio: 'ignore' });
}

async function openSink() {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onData(stream, session, callback) {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks);
        const { from, subject = '', text = '' } = await PostalMime.parse(raw);
        const replyTo = from?.address?.startsWith('r-') ? from.address : null;
        mails.push({ to: session.envelope.rcptTo[0].address, raw: raw.toString(), replyTo, subject, text });
        callback();
      });
    },
  });
  await new Promise((resolve) => server.listen(ports.sink, '127.0.0.1', resolve));
  return server;
}

async function startPortal() {
  const child = spawn(process.execPath, [join(ROOT, 'bin/start.mjs')], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(ports.web),
      ORIGIN: `http://127.0.0.1:${ports.web}`,
      DATABASE_URL: `file:${join(dir, 'portal.db')}`,
      SMTP_URL: `smtp://127.0.0.1:${ports.sink}`,
      REPLY_DOMAIN: DOMAIN,
      INBOUND_LISTEN: `lmtp://127.0.0.1:${ports.lmtp}`,
      INBOUND_AUTHSERV_ID: AUTHSERV,
      ROLES: 'web,mail,inbound',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const up = () => fetch(`http://127.0.0.1:${ports.web}/health`).then((answer) => answer.ok);
  await until('the portal', () => up().catch(() => false));
  return child;
}

async function stop(child) {
  if (child.exitCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exited;
}

/** From the demo's author to Postfix, with the verdict that its milter is to give. */
async function send({ to, text, headers = { 'X-Verdict': 'pass' } }) {
  const server = createTransport({ host: '127.0.0.1', port: ports.postfix, ignoreTLS: true });
  try {
    await server.sendMail({ from: AUTHOR, to, subject: 'Re: The soundings', text, headers });
  } finally {
    server.close();
  }
}

async function until(what, found) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const value = await found();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await sleep(200);
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
