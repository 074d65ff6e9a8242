import type { Instant } from '#db/schema';

export interface SubmissionWindow {
  opensAt: Instant | null;
  closesAt: Instant | null;
}

export type WindowState = 'early' | 'open' | 'closed';

/** The window includes its first instant and excludes its last. */
export function windowState(window: SubmissionWindow, now: Date): WindowState {
  if (window.opensAt && now.getTime() < Date.parse(window.opensAt)) return 'early';
  if (window.closesAt && now.getTime() >= Date.parse(window.closesAt)) return 'closed';
  return 'open';
}
