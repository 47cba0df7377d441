/**
 * Serves the browser's files for an app without a bundler, in `cloud/app.js`: `app.use(require("parse-two-factor/static")())`. They are at
 * `/parse-two-factor/elements.mjs` and `/parse-two-factor/client.mjs`, which lead to a path with the version in it.
 */
declare function staticFiles(): staticFiles.StaticFiles;

declare namespace staticFiles {
  export interface StaticFiles {
    (request: any, response: any, next: (error?: any) => void): void;
    /** The path with the version in it, for a page that is made on the server: `${path}/elements.mjs`. */
    readonly path: string;
  }
}

export = staticFiles;
