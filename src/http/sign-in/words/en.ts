import type { SignInWords } from "./sign-in-words.ts";

export const words: SignInWords = {
  locale: "en-GB",
  invitation: {
    title: "You are invited to administer",
    intro: (organization, inviter) =>
      inviter === undefined
        ? `You are invited to the device management of ${organization}.`
        : `${inviter} invites you to the device management of ${organization}.`,
    address: "For",
    role: "You will be able to",
    roles: {
      viewer: "view devices, profiles and settings",
      helpdesk: "view devices, profiles and settings, and help with one device at a time",
      operator: "manage devices, profiles and commands",
      admin: "do everything, including giving others access",
    },
    until: "The invitation is good until",
    signIn: "Sign in and accept",
    signInHow: "Sign in with the account of this address. The invitation is used up when you have signed in.",
    accept: "Accept and show the token",
    acceptHow: (days) =>
      `You will get an API token that is good for ${days === 1 ? "one day" : `${days} days`}. It is shown once, so have a safe place for it ready.`,
    notYou: "If this is not your address, close this page and tell the person who invited you.",
  },
  token: {
    title: "Your token",
    actsFor: (name, until) => `It acts in your name (${name}) until ${until}.`,
    label: "API token",
    once: "This page shows it once.",
    use: "Send it as",
    end: "When you are done, end it with",
  },
};
