import { type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openDatabase } from '#db/open';
import { openLucia } from '~/auth/lucia.server';
import { openSessions } from '~/auth/sessions.server';
import { createPortalServer } from '~/http/server.server';
import { built, type TestPortal } from './portal';

export interface Served {
  port: number;
  /** Over a connection, as a client sends it; the body is not decoded. */
  fetch(
    path: string,
    options?: { method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>;
}

/**
 * The portal behind a real HTTP server with its cache, on a database connection of its own: what a test does by
 * `portal` is to it what another process does.
 */
export async function serve(portal: TestPortal): Promise<Served> {
  const { createPortal, createListener, serverBuild } = await built();
  const db = openDatabase(portal.ctx.databaseUrl);
  const app = {
    ...portal.app,
    db,
    sessions: openSessions(db, openLucia(db, portal.ctx.config, portal.ctx.clock), portal.ctx.clock),
  };
  const listener = createListener(app, createPortal(app, serverBuild), join(process.cwd(), 'build/client'));
  const server = createPortalServer(app.config, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await db.destroy();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    fetch: (path, { method = 'GET', headers = {}, body } = {}) =>
      new Promise((resolve, reject) => {
        const asked = request({ port, host: '127.0.0.1', path, method, headers, agent: false }, async (response) => {
          const chunks: Buffer[] = [];
          for await (const chunk of response) chunks.push(chunk as Buffer);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
        });
        asked.on('error', reject);
        asked.end(body);
      }),
  };
}
