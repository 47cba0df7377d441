import twoFactor = require("./index.js");
export default twoFactor;
export type {
  Event,
  Message,
  Options,
  Require,
  Settings,
  Trigger,
  TwoFactorSignIn,
} from "./types.js";
