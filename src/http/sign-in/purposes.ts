/**
 * What people sign in for; who is told when they have stands in `arrivals.ts`. `forms`: where an answer may lead besides
 * this server, since browsers hold the answer to a form to the page's policy. `inSetup`: in the web view of Setup Assistant,
 * which may lose cookies. Such a sign-in belongs to the state in its address alone. A link to one that somebody else began
 * gains them nothing: what comes of it goes to the one who signs in, and is good for the device that began.
 */
type Purpose = { forms: string; inSetup?: true };

const device: Purpose = { forms: "apple-remotemanagement-user-login:" };

export const purposes = {
  account: device,
  "account-oauth2": device,
  person: { forms: "" },
  administrator: { forms: "" },
  setup: { forms: "", inSetup: true },
  "platform-sso": { ...device, inSetup: true },
} satisfies Record<string, Purpose>;

export const isInSetup = (name: PurposeName): boolean => (purposes[name] as Purpose).inSetup === true;

export type PurposeName = keyof typeof purposes;

export const isPurpose = (name: string): name is PurposeName => Object.hasOwn(purposes, name);
