const waiting: (() => void)[] = [];

/**
 * Waits for a turn of one's own. Heavy work that anybody can cause begins with it: one piece is done in each round of
 * Node's event loop, so that whatever else the process does, pages above all, comes in between, however many wait.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(next);
  });
}

function next(): void {
  waiting[0]?.();
  // After what was let in has done its piece.
  setImmediate(() => {
    waiting.shift();
    if (waiting.length > 0) next();
  });
}
