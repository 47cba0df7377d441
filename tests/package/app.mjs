import twoFactor from "parse-two-factor";
import { Parse, tryMadeUpChallenge } from "./parse.cjs";

twoFactor(Parse, { sms: () => {} });
tryMadeUpChallenge();
