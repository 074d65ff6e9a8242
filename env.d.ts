declare module 'virtual:remix/server-build' {
  const build: import('@remix-run/node').ServerBuild;
  export = build;
}
declare module 'markdown-it-sub' {
  const plugin: import('markdown-it').PluginSimple;
  export default plugin;
}
declare module 'markdown-it-sup' {
  const plugin: import('markdown-it').PluginSimple;
  export default plugin;
}

/** The address of a script in app/client (vite.config.ts). */
declare module 'virtual:times' {
  const address: string;
  export default address;
}
/** The same of the script that keeps forms. */
declare module 'virtual:kept-forms' {
  const address: string;
  export default address;
}
