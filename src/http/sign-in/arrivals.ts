import type { Arrive, ArriveWithCode } from "./arrival.ts";
import type { PurposeName } from "./purposes.ts";

/** Who is told that a person signed in, by what for; administrators are no persons with an account. */
export const arrivals: Record<Exclude<PurposeName, "administrator">, () => Promise<Arrive>> = {
  account: async () => (await import("../device/account/sign-in.ts")).arriveByWeb,
  "account-oauth2": async () => (await import("../device/account/oauth.ts")).arriveByOAuth,
  person: async () => (await import("./me.ts")).arriveAtMe,
  setup: async () => (await import("../device/ade-web.ts")).arriveInSetup,
  "platform-sso": async () => (await import("../device/ade-web.ts")).arriveForPlatformSso,
};

/** Those that redeem the code of an invitation themselves; for the others each use of it is one sign-in. */
export const codeArrivals: Partial<Record<PurposeName, () => Promise<ArriveWithCode>>> = {
  setup: async () => (await import("../device/ade-web.ts")).redeemInSetup,
};
