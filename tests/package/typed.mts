import twoFactor, { type Event, type Options } from "parse-two-factor";
import { Parse, tryMadeUpChallenge } from "./parse.cjs";

const events: Event[] = [];
const options: Options = {
  require: async (user) => (user.get("staff") ? "everyone" : "enrolled"),
  limits: { codeLifetime: 120 },
  sms: async ({ to, body }) => `${to}: ${body}`,
  onEvent: (event) => events.push(event),
};
const { ready, requireStepUp } = twoFactor(Parse, options);
export const settled: Promise<void> = ready;
export const guard: (request: unknown) => Promise<void> = requireStepUp;

// @ts-expect-error: there is no such word.
export const misspelt: Options = { require: "everybody" };
// @ts-expect-error: there is no such option.
export const unknown: Options = { requires: "everyone" };

tryMadeUpChallenge();
