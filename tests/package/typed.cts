import twoFactor = require("parse-two-factor");
import parse = require("./parse.cjs");

const options: twoFactor.Options = { require: "nobody", sms: () => {} };
const { ready }: twoFactor.TwoFactorSignIn = twoFactor(parse.Parse, options);
export const settled: Promise<void> = ready;

parse.tryMadeUpChallenge();
