import type { Arrive } from "./arrival.ts";

/**
 * What people sign in for, and who is told when they have. `forms`: where an answer may lead besides this server, since
 * browsers hold the answer to a form to the page's policy.
 */
export type Purpose = { arrive: () => Promise<Arrive>; forms: string };

export const purposes = {
  account: {
    forms: "apple-remotemanagement-user-login:",
    arrive: async () => (await import("../device/account/sign-in.ts")).arriveByWeb,
  },
  "account-oauth2": {
    forms: "apple-remotemanagement-user-login:",
    arrive: async () => (await import("../device/account/oauth.ts")).arriveByOAuth,
  },
  person: {
    forms: "",
    arrive: async () => (await import("./me.ts")).arriveAtMe,
  },
} as const satisfies Record<string, Purpose>;

export type PurposeName = keyof typeof purposes;

export const purposeOf = (name: string): Purpose | undefined =>
  Object.hasOwn(purposes, name) ? purposes[name as PurposeName] : undefined;
