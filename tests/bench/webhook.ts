import { createHmac } from 'node:crypto';
import { newId } from '#db/ids';
import { INBOUND } from './portal';

interface Answer {
  from: string;
  to: string;
  type: string;
  text: string;
}

/** A mail as a mail provider's webhook brings it: proven, signed, and never the same twice. */
export function arriving({ from, to, type, text }: Answer) {
  const body = [
    `Authentication-Results: ${INBOUND.authservId}; dmarc=pass header.from=people.example`,
    `From: Somebody <${from}>`,
    `To: ${to}`,
    'Subject: Re: Boxes',
    `Message-ID: <${newId()}@programs.example>`,
    `Content-Type: ${type}; charset=utf-8`,
    '',
    text,
  ].join('\r\n');
  const time = String(Math.floor(Date.now() / 1000));
  const signed = [time, from, to, '192.0.2.1', 'mx'].map((part) => `${part}\n`).join('');
  return {
    path: '/api/inbound',
    method: 'POST' as const,
    headers: {
      'content-type': 'message/rfc822',
      'x-colloquy-time': time,
      'x-colloquy-from': from,
      'x-colloquy-to': to,
      'x-colloquy-ip': '192.0.2.1',
      'x-colloquy-helo': 'mx',
      'x-colloquy-signature': createHmac('sha256', INBOUND.secret).update(signed).update(body).digest('hex'),
    },
    body,
  };
}
