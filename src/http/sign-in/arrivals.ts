import type { Arrive } from "./arrival.ts";
import type { PurposeName } from "./purposes.ts";

/** Who is told that a person signed in, by what for; administrators are no persons with an account. */
export const arrivals: Record<Exclude<PurposeName, "administrator">, () => Promise<Arrive>> = {
  account: async () => (await import("../device/account/sign-in.ts")).arriveByWeb,
  "account-oauth2": async () => (await import("../device/account/oauth.ts")).arriveByOAuth,
  person: async () => (await import("./me.ts")).arriveAtMe,
};
