import { dirname } from 'node:path';
import { databaseFiles, openToOthers } from '#db/private-files';
import type { Config } from '~/config.server';
import { besideDatabase } from '~/open.server';
import type { Check } from './check';

/** Whether others on this machine can read what they must not: the database, captured mail, keys and passwords. */
export function* fileChecks(config: Config): Generator<Check> {
  const path = config.databaseUrl.startsWith('file:') ? config.databaseUrl.slice('file:'.length) : null;
  const mail = besideDatabase(config.databaseUrl);
  const key = config.inbound?.tls?.key;
  const open = [
    ...openToOthers([...(path ? databaseFiles(path) : []), mail, '.env']),
    // A group of its own is a common way to share a key with who needs it.
    ...openToOthers(key ? [key] : [], 0o007),
  ];
  for (const one of open)
    yield { state: 'warn', name: 'files', text: `${one} can be read by others`, hint: `chmod go= ${one}` };
  // A folder that holds other things too is its owner's to change; who may write into it can put another database there.
  const folder = path ? dirname(path) : null;
  if (folder && openToOthers([folder]).length > 0)
    yield {
      state: 'warn',
      name: 'files',
      text: `others can look into ${folder}`,
      hint: `Give the database a folder of its own, or chmod go= ${folder}`,
    };
  else if (open.length === 0) yield { state: 'ok', name: 'files', text: 'can be read by their owner alone' };
}
