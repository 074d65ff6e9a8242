import { ensureReady } from '../../bin/setup.mjs';

/** Once for a run: route tests open the portal as it was built, so the build must be of these sources. */
export default function setup(): Promise<void> {
  return ensureReady({ build: true });
}
