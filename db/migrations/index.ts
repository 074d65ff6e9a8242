import type { Migration } from 'kysely';
import * as portal from './0001-portal';

/** Every migration in order. A landed one is frozen: a change is a new file and a new line here. */
export const migrations: Record<string, Migration> = {
  '0001-portal': portal,
};
