// @ts-check

/** `parse-two-factor/elements`: `<two-factor-sign-in>` and `<two-factor-settings>`, and the client that they are made of. */

import { TwoFactorSettings } from "./settings.mjs";
import { TwoFactorSignIn } from "./sign-in.mjs";

export * from "../client/index.mjs";
export { TwoFactorSettings, TwoFactorSignIn };

// Two bundles of one page may both bring them.
if (!customElements.get("two-factor-sign-in")) {
  customElements.define("two-factor-sign-in", TwoFactorSignIn);
  customElements.define("two-factor-settings", TwoFactorSettings);
}
