import type { Id } from '#db/schema';
import { hasRole, type Viewer } from '../account/viewer';

export function mayOrganise(viewer: Viewer | null, conference: { id: Id<'conference'> }): boolean {
  return hasRole(viewer, conference.id, 'organiser');
}
