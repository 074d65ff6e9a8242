import routes from '~/routes';

type Entry = (typeof routes)[number];

/** Every address of app/routes.ts, as it is written there: `/:conference/papers/:ref`. */
export function portalPaths(entries: readonly Entry[] = routes, above = ''): string[] {
  return entries.flatMap((entry) => {
    const path = entry.path ? `${above}/${entry.path}` : above;
    return entry.children ? portalPaths(entry.children as Entry[], path) : [path || '/'];
  });
}

/** The address with its parameters filled in. */
export function fill(path: string, values: Record<string, string>): string {
  return path.replace(/:(\w+)|\*/g, (whole, name) => encodeURIComponent(values[name ?? '*'] ?? whole));
}
