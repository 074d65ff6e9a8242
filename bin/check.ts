/** What the doctor found. */
export interface Check {
  state: 'ok' | 'warn' | 'fail';
  name: string;
  text: string;
  /** What to do about it. */
  hint?: string;
}
