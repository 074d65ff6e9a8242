import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ServerBuild } from '@remix-run/node';
import { migrate } from '#db/migrate';
import { type Config, ConfigError, parseConfig } from '~/config.server';
import { DEMO, fillDemo } from '~/demo.server';
import { conferenceBySlug } from '~/domain/conference/queries.server';
import { lastLook } from '~/domain/last-look.server';
import { consoleToLog } from '~/domain/log.server';
import { openTransport } from '~/domain/mail/transport.server';
import { startMailWorker } from '~/domain/mail/worker.server';
import { startHousekeeping } from '~/housekeeping.server';
import { createListener } from '~/http/listener.server';
import { createPortal } from '~/http/portal.server';
import { createPortalServer } from '~/http/server.server';
import { openApp } from '~/open.server';

export interface Running {
  origin: string;
  /** Where to look and how to sign in, for a person at a terminal. Empty in production. */
  welcome: string[];
  /** Takes no more, finishes what is under way, closes everything. */
  stop(): Promise<void>;
}

export interface ServeOptions {
  build: ServerBuild | (() => Promise<ServerBuild>);
  /** Where the build's browser files are; null where something else serves them, as Vite does in development. */
  clientDirectory?: string | null;
  mode?: 'production' | 'development';
  /** Is asked first; for Vite's own middleware. */
  before?: (listener: ReturnType<typeof createListener>) => ReturnType<typeof createListener>;
}

/** Milliseconds that a stop waits for mail that is on the wire. */
const PATIENCE = 25_000;
const CLIENT_DIRECTORY = fileURLToPath(new URL('../client', import.meta.url));

/** Opens everything once and serves what ROLES says: web, mail, inbound. Throws a ConfigError for a bad setting. */
export async function serve(env: Record<string, string | undefined>, options: ServeOptions): Promise<Running> {
  const config = parseConfig(env);
  const app = await openMigrated(config);
  await fillDemo(app);

  // First of all: a port that is taken must end us before any mail is on its way.
  const server = config.roles.has('web') ? await listen(app, options) : null;
  const transport = config.roles.has('mail')
    ? openTransport(config, { db: app.db, clock: app.clock, captureDir: app.capturedMail })
    : null;
  const worker = transport && startMailWorker(app, transport, lastLook);
  app.mailQueued = () => worker?.wake();
  const { inbound } = config;
  const listener =
    config.roles.has('inbound') && inbound?.listen
      ? await (await import('~/inbound/listener.server')).startInbound(
          app,
          { ...inbound, listen: inbound.listen },
          app.resolver,
        )
      : null;
  const housekeeping = config.roles.has('mail') ? startHousekeeping(app) : null;
  const port = server ? (server.address() as AddressInfo).port : null;
  const origin = config.origin;
  // In development what Vite says is for whoever sits before it, in more lines than one.
  const consoleAsItWas = options.mode === 'development' ? () => {} : consoleToLog(app.log);
  if (port !== null) app.log.info({ origin, port }, 'serving');

  return {
    origin,
    welcome: config.production ? [] : await welcome(app),
    async stop() {
      app.news.close();
      await Promise.all([server && closed(server), listener?.stop()]);
      housekeeping?.stop();
      // A mail server that does not answer must not keep us: what it holds is taken back by the next start.
      await Promise.race([worker?.stop(), sleep(PATIENCE, undefined, { ref: false })]);
      transport?.close();
      await app.db.destroy();
      consoleAsItWas();
    },
  };
}

/** A database that cannot be used is not a bug: it is one line, as a wrong setting is. */
async function openMigrated(config: Config): Promise<ReturnType<typeof openApp>> {
  try {
    const app = openApp(config);
    await migrate(app.db);
    return app;
  } catch (error) {
    throw new ConfigError(
      `DATABASE_URL names a database that cannot be used (${(error as Error).message}); npm run colloquy -- doctor says more`,
      { cause: error },
    );
  }
}

async function welcome(app: ReturnType<typeof openApp>): Promise<string[]> {
  const { origin, smtp } = app.config;
  const lines = [`Colloquy is at ${origin}`];
  if (await conferenceBySlug(app.db, DEMO.conference.slug)) {
    lines.push(
      `The demo conference is at ${origin}/${DEMO.conference.slug}/programme`,
      `Sign in at ${origin}/sign-in with the password "${DEMO.password}" as`,
    );
    for (const { role, address } of DEMO.people) lines.push(`  ${role.padEnd(10)} ${address}`);
  }
  if (!smtp) lines.push(`Mail is not sent but kept at ${origin}/dev/mail`);
  return lines;
}

async function listen(app: ReturnType<typeof openApp>, options: ServeOptions): Promise<Server> {
  const portal = createPortal(app, options.build, options.mode);
  const clientDirectory = options.clientDirectory === undefined ? CLIENT_DIRECTORY : options.clientDirectory;
  const listener = createListener(app, portal, clientDirectory);
  const server = createPortalServer(app.config, options.before ? options.before(listener) : listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(app.config.port, app.config.host, resolve);
  });
  return server;
}

/** Answers under way are finished; connections that wait for a next request are closed, each as soon as it does. */
function closed(server: Server): Promise<void> {
  const patience = setTimeout(() => server.closeAllConnections(), 10_000);
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(patience);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}
