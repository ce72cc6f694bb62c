import type { Arrive } from "./arrival.ts";
import type { PurposeName } from "./purposes.ts";

/** Who is told that somebody signed in, by what for. */
export const arrivals: Record<PurposeName, () => Promise<Arrive>> = {
  account: async () => (await import("../device/account/sign-in.ts")).arriveByWeb,
  "account-oauth2": async () => (await import("../device/account/oauth.ts")).arriveByOAuth,
  person: async () => (await import("./me.ts")).arriveAtMe,
};
