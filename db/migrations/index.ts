import type { Migration } from 'kysely';
import * as portal from './0001-portal';
import * as relay from './0002-relay';
import * as rules from './0003-rules';
import * as conduct from './0004-conduct';
import * as tallies from './0005-tallies';
import * as disclosure from './0006-disclosure';
import * as authors from './0007-authors';
import * as threadTitles from './0008-thread-titles';
import * as reviewRevision from './0009-review-revision';
import * as guesses from './0010-guesses';
import * as accountSecurity from './0011-account-security';
import * as rendered from './0013-rendered';
import * as leftOut from './0014-left-out';

/** Every migration in order. A landed one is frozen: a change is a new file and a new line here. */
export const migrations: Record<string, Migration> = {
  '0001-portal': portal,
  '0002-relay': relay,
  '0003-rules': rules,
  '0004-conduct': conduct,
  '0005-tallies': tallies,
  '0006-disclosure': disclosure,
  '0007-authors': authors,
  '0008-thread-titles': threadTitles,
  '0009-review-revision': reviewRevision,
  '0010-guesses': guesses,
  '0011-account-security': accountSecurity,
  '0013-rendered': rendered,
  '0014-left-out': leftOut,
};
