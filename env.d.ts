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
declare module 'mailsplit' {
  import type { Transform } from 'node:stream';
  /** The head of a part: what its headers say of it. */
  export interface MimeNode {
    type: 'node';
    root: boolean;
    parentNode: MimeNode | false;
    /** Lower case, without parameters; false where the header makes no sense. */
    contentType: string | false;
    charset: string | false;
    encoding: string | false;
    disposition: string | false;
    filename: string | false;
    multipart: string | false;
    flowed: boolean;
    delSp: boolean;
  }
  export interface MimeBytes {
    type: 'body' | 'data';
    node: MimeNode;
    value?: Buffer;
  }
  export class Splitter extends Transform {
    constructor(options?: { ignoreEmbedded?: boolean; maxHeadSize?: number; maxChildNodes?: number });
  }
}
/** The same of the script that asks for passkeys. */
declare module 'virtual:passkeys' {
  const address: string;
  export default address;
}

/** React's renderer for streams of the web, which Node has too. */
declare module 'react-dom/server.browser' {
  export { renderToReadableStream, renderToString } from 'react-dom/server';
}
