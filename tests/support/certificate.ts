import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

/** Whether a certificate can be made here: by the program that whoever runs a mail server has. */
export function hasOpenssl(): Promise<boolean> {
  return promisify(execFile)('openssl', ['version']).then(
    () => true,
    () => false,
  );
}

/** A certificate for localhost that nobody has signed, and its key, as PEM files that go when the test is over. */
export async function certificate(): Promise<{ cert: string; key: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'colloquy-tls-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const args = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-days',
    '2',
    '-nodes',
    ...subject,
    '-keyout',
    key,
    '-out',
    cert,
  ];
  await promisify(execFile)('openssl', args);
  return { cert, key };
}
