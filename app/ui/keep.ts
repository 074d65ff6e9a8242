/**
 * Marks a form whose text is kept in the browser until the server has confirmed it. `name` is the form's own among all
 * of the portal's; `typed`: the page was answered with what somebody had typed, which is newer than anything kept.
 */
export function keep(name: string, typed: unknown): { 'data-keep': string; 'data-typed': '' | undefined } {
  return { 'data-keep': name, 'data-typed': typed ? '' : undefined };
}
