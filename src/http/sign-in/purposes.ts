/**
 * What people sign in for; who is told when they have stands in `arrivals.ts`. `forms`: where an answer may lead besides
 * this server, since browsers hold the answer to a form to the page's policy.
 */
const device = { forms: "apple-remotemanagement-user-login:" };

export const purposes = {
  account: device,
  "account-oauth2": device,
  person: { forms: "" },
  administrator: { forms: "" },
} as const satisfies Record<string, { forms: string }>;

export type PurposeName = keyof typeof purposes;

export const isPurpose = (name: string): name is PurposeName => Object.hasOwn(purposes, name);
