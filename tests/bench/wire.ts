import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type Asked, BROWSER } from './load';

/** A response as it comes over the wire. */
export interface Captured {
  status: number;
  /** Name and value in turn. */
  headers: string[];
  body: Buffer;
  /** All of it: status line, headers, body. */
  bytes: number;
}

export async function capture(url: string, asked: Asked): Promise<Captured> {
  const sent = request(url + asked.path, { agent: false, headers: { ...BROWSER, ...asked.headers } });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const bytes = response.socket.bytesRead;
  return { status: response.statusCode ?? 0, headers: response.rawHeaders, body: Buffer.concat(chunks), bytes };
}
