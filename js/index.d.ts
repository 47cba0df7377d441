import type * as options from "./types.js";

/**
 * Registers two-factor sign-in with Parse Server: the Cloud functions, `beforeLogin` and `beforeSave(Parse.User)`. Call it once, in
 * `cloud/main.js`.
 *
 * @param Parse the `Parse` of Cloud Code
 * @param options all optional; a misspelt one throws
 * @throws {Error} for options or keys that cannot be used, and for handlers of the app's own that these would replace
 */
declare function twoFactor(
  Parse: any,
  options?: options.Options,
): options.TwoFactorSignIn;

declare namespace twoFactor {
  export type Event = options.Event;
  export type Message = options.Message;
  export type Options = options.Options;
  export type Circumstances = options.Circumstances;
  export type Require = options.Require;
  export type Route = options.Route;
  export type Settings = options.Settings;
  export type Trigger = options.Trigger;
  export type TwoFactorSignIn = options.TwoFactorSignIn;
}

export = twoFactor;
