import type { Id } from '#db/schema';
import { hasRole, type Viewer } from '../account/viewer';

/** Conduct contacts read reported messages. An organiser who is not one sees how many there are. */
export function mayJudge(viewer: Viewer | null, conference: { id: Id<'conference'> }): boolean {
  return hasRole(viewer, conference.id, 'conduct');
}
