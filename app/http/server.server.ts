import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Config } from '~/config.server';
import { headersOfEveryAnswer } from './security.server';

/**
 * Node's HTTP server, whose every answer has the headers of security: also those that Node gives by itself, to what is no
 * request at all, has no Host, or takes too long.
 */
export function createPortalServer(config: Config, listener: RequestListener): Server {
  const headers = Object.entries(headersOfEveryAnswer(config));
  class SecureResponse<Request extends IncomingMessage> extends ServerResponse<Request> {
    // Node comes by here for every answer. A page says all of it by itself, and then costs nothing more.
    override writeHead(status: number, ...rest: unknown[]): this {
      const given = rest.at(-1);
      const own = typeof given === 'object' && given !== null ? given : {};
      for (const [name, value] of headers) if (!(name in own || this.hasHeader(name))) this.setHeader(name, value);
      return (super.writeHead as (...all: unknown[]) => this).call(this, status, ...rest);
    }
  }
  const options = { requestTimeout: 60_000, headersTimeout: 20_000, ServerResponse: SecureResponse };
  const server = createServer(options, listener);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket & { _httpMessage?: ServerResponse }) => {
    // Half an answer is on its way: what came after it is not read.
    if (socket.writable && !socket._httpMessage?.headersSent) {
      const status = STATUSES[error.code ?? ''] ?? 400;
      const lines = [...headers, ['connection', 'close']].map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`);
    }
    socket.destroy();
  });
  return server;
}

/** As Node itself answers. */
const STATUSES: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
