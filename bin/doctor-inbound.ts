import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Config } from '~/config.server';
import { isLoopback } from '~/host-names.server';
import type { Check } from './check';

/** Whether answers by mail can come in as the settings say. */
export async function* inboundChecks({ inbound, roles, production }: Config): AsyncGenerator<Check> {
  const check = (state: Check['state'], text: string, hint?: string): Check => ({
    state,
    name: 'inbound',
    text,
    ...(hint && { hint }),
  });
  if (!inbound) {
    yield check('ok', 'no answers by mail: mails say that they are answered on the portal');
    return;
  }
  const { listen, secret, authservId, tls } = inbound;
  const doors = [
    ...(listen ? [`${listen.protocol}://${listen.host}:${listen.port}`] : []),
    ...(secret ? ['POST /api/inbound'] : []),
  ];
  yield check('ok', `${doors.join(' and ')}; DMARC is looked up ${authservId ? `by ${authservId}` : 'here'}`);
  if (tls) yield* certificateChecks(tls, check);
  if (!listen) return;
  if (!roles.has('inbound'))
    yield check('warn', 'ROLES has no inbound', 'This process takes no mail; another on the same database must.');
  const open = !isLoopback(listen.host);
  if (open && authservId)
    yield check(
      'warn',
      `INBOUND_AUTHSERV_ID is believed of whoever reaches ${listen.host}:${listen.port}`,
      'Let nobody but the front server reach that port.',
    );
  if (open && production && listen.protocol === 'smtp' && !tls)
    yield check('warn', 'mail comes in without TLS', 'Set INBOUND_TLS_CERT and INBOUND_TLS_KEY.');
}

async function* certificateChecks(
  tls: { cert: string; key: string },
  check: (state: Check['state'], text: string, hint?: string) => Check,
): AsyncGenerator<Check> {
  try {
    createSecureContext({ cert: await readFile(tls.cert), key: await readFile(tls.key) });
    yield check('ok', 'its certificate and key can be read');
  } catch (error) {
    yield check(
      'fail',
      `INBOUND_TLS_CERT and INBOUND_TLS_KEY cannot be used: ${(error as Error).message}`,
      'Both are paths of PEM files that the portal’s user can read.',
    );
  }
}
