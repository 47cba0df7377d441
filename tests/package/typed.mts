import twoFactor, { type Event, type Options } from "parse-two-factor";
import { TwoFactorClient, TooMany, type State } from "parse-two-factor/client";
import callback from "parse-two-factor/callback";
import staticFiles from "parse-two-factor/static";
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

const client = new TwoFactorClient({ Cloud: { run: async () => ({}) } });
export async function signIn(state: State): Promise<string | undefined> {
  if (state.status === "signed-in") return state.sessionToken;
  if (state.status === "enroll") {
    const { qr } = await client.enroll({
      method: "totp",
      enroll: state.enroll,
    });
    return qr;
  }
  const next = await state.answer("123456", { method: "totp", trust: true });
  return next.sessionToken;
}
export const when = (error: TooMany): Date | undefined => error.retryAt;
export const mounted: string = staticFiles().path;
export const handler: (request: any, response: any) => Promise<void> =
  callback();

// @ts-expect-error: there is no such method.
export const wrong = client.stepUp({ method: "fax" });
// @ts-expect-error: it is a date.
export const late: number = (await client.enroll({ method: "totp" })).expiresAt;

tryMadeUpChallenge();
