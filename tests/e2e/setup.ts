import { ensureReady } from '../../bin/setup.mjs';

/** The journeys meet the portal as it is built; workers that found it stale would all build at once. */
export default async function setup(): Promise<void> {
  await ensureReady({ build: true });
}
