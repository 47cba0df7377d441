import twoFactor = require("parse-two-factor");
import browser = require("parse-two-factor/client");
import parse = require("./parse.cjs");

const options: twoFactor.Options = { require: "nobody", sms: () => {} };
const { ready }: twoFactor.TwoFactorSignIn = twoFactor(parse.Parse, options);
export const settled: Promise<void> = ready;

const client = new browser.TwoFactorClient({
  Cloud: { run: async () => ({}) },
});
export const status: Promise<browser.Status> = client.status();

parse.tryMadeUpChallenge();
