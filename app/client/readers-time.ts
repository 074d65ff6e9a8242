/**
 * An instant on the reader's own clock, where that differs from the clock of `timeZone`: the time, with the day where it
 * is another. Null: both clocks show the same.
 */
export function readersTime(instant: string, timeZone: string, readersZone?: string): string | null {
  const at = new Date(instant);
  const day = { day: 'numeric', month: 'long' } as const;
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const told = (zone: string | undefined, parts: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { ...parts, timeZone: zone }).format(at);
  try {
    if (told(timeZone, { ...day, ...time }) === told(readersZone, { ...day, ...time })) return null;
    return told(readersZone, told(timeZone, day) === told(readersZone, day) ? time : { ...day, ...time });
  } catch {
    // A zone that this browser does not know.
    return null;
  }
}

/** Adds it to each time of a page that React does not take over. `text` says whose time it is, around `{time}`. */
export function showReadersTimes(root: ParentNode, text: string): void {
  for (const element of root.querySelectorAll<HTMLTimeElement>('time[data-zone]')) {
    const own = readersTime(element.dateTime, element.dataset.zone!);
    if (own) element.append(` · ${text.replace('{time}', own)}`);
  }
}
