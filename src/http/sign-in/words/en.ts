import type { SignInWords } from "./sign-in-words.ts";

const ask = "Tell the people who look after your devices.";
const misconfigured = (why: string) => ({ title: "Signing in does not work yet", why, next: ask });

export const words: SignInWords = {
  locale: "en-GB",
  code: {
    title: (organization) => `Sign in to ${organization}`,
    heading: "Sign in with your invitation",
    ask: (organization) =>
      `Enter the code that ${organization} gave you. It stands at the end of the invitation’s link, after code=.`,
    wrong: "That code is not good.",
    wrongHelp:
      "It may be mistyped, used, expired or withdrawn. Ask for a new one if it is not a typing error.",
    label: "Code",
    next: "Continue",
  },
  refusals: {
    cancelled: {
      title: "You did not sign in",
      why: "The sign-in was cancelled, or your organization does not let you use it for this.",
      next: "Try again, or ask the people who look after your devices.",
    },
    "provider-refused": misconfigured(
      "Your organization’s sign-in service refused the request of this server.",
    ),
    "provider-unreachable": {
      title: "The sign-in service does not answer",
      why: "Your organization’s sign-in service cannot be reached just now. Nothing is lost.",
      next: "Try again in a minute.",
    },
    "provider-misbehaves": misconfigured(
      "Your organization’s sign-in service gave an answer that makes no sense here.",
    ),
    "client-not-accepted": misconfigured(
      "Your organization’s sign-in service does not know this server, or not its password.",
    ),
    "state-unknown": {
      title: "This sign-in is over",
      why: "It was begun too long ago, or part of the address is missing.",
      next: "Begin again where you started.",
    },
    "other-browser": {
      title: "This sign-in began somewhere else",
      why: "It was begun in another browser or on another device, or this browser keeps no cookies.",
      next: "Begin again, stay in one window, and allow cookies.",
    },
    "code-spent": {
      title: "This sign-in was used already",
      why: "The page was opened twice, or it took too long.",
      next: "Try again.",
    },
    "token-invalid": {
      title: "You could not be signed in",
      why: "What the sign-in service says of you cannot be verified.",
      next: "Try again. If that does not help: tell the people who look after your devices.",
    },
    "clock-differs": misconfigured("The clocks of this server and of the sign-in service differ."),
    "no-account": {
      title: "Your account is not complete",
      why: "The sign-in service does not tell under which address your organization knows you.",
      next: ask,
    },
    "domain-not-allowed": {
      title: "This account is not for this organization",
      why: "You signed in with an account that is not among those taken here.",
      next: "Try again with the account of your work or school.",
    },
    "email-not-verified": {
      title: "Your address is not verified",
      why: "The sign-in service does not know yet whether your address is yours.",
      next: "Verify it there, then try again.",
    },
    "access-missing": misconfigured(
      "This page must be opened through your organization’s sign-in, and was not.",
    ),
    "invitation-unknown": {
      title: "That code is not good",
      why: "It may be mistyped, used, expired or withdrawn.",
      next: "Ask for a new one if it is not a typing error.",
    },
    "administrators-not-set": {
      title: "Administrators do not sign in here",
      why: "No sign-in service is set for administrators. They use API tokens.",
      next: "Ask an administrator for a token, or to set PUT /api/v1/sign-in/administrators.",
    },
    "not-an-administrator": {
      title: "You are not an administrator here",
      why: "You are signed in, but no rule of this server gives you a role.",
      next: "Ask an administrator to add you or your group to the rules.",
    },
    "administrator-invitation-unknown": {
      title: "This invitation is not good",
      why: "It was used, was withdrawn or is too old, or a part of the link is missing.",
      next: "Ask the person who invited you for a new one.",
    },
    "administrator-invitation-of-another": {
      title: "This invitation is for another address",
      why: "You are signed in with an address that was not invited, or that is not verified.",
      next: "Sign in with the address that the invitation was sent to.",
    },
    "program-not-accepted": {
      title: "This sign-in cannot begin",
      why: "The program that opened this page asks for something that is not allowed here.",
      next: "Update the program, or tell its authors the reason in the log.",
    },
    "invitation-without-account": {
      title: "This invitation is for nobody in particular",
      why: "It names no account, and this needs one.",
      next: "Ask for an invitation that is made out to you.",
    },
  },
  again: "Try again",
  inLog: "The person who helps you can find this in the log:",
  fault: {
    title: "That did not work",
    why: "Something failed on the server.",
    next: "Try again in a minute.",
  },
  administrator: {
    title: "Sign in as an administrator",
    you: "You are",
    role: "Role",
    lasts: "For",
    hours: (hours) => `${hours} ${hours === 1 ? "hour" : "hours"}`,
    showsToken: "This page will show you an API token.",
    console: "The console of this server will act in your name.",
    program: (host) =>
      `A program on this computer (${host}) asks to act in your name. Continue only if you have just started it yourself.`,
    next: "Continue",
    stop: "Close this page if you did not begin this.",
  },
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
  me: {
    title: (organization) => `Signed in to ${organization}`,
    heading: "You are signed in",
    name: "Name",
    account: "Managed Apple Account",
    device: "A device",
    yours: "Yours, used for work",
    managed: (organization) => `Managed by ${organization}`,
    since: (day) => `since ${day}`,
    privacy: (organization) => `What ${organization} can and cannot see`,
    signOut: "Sign out",
    signedOut: "You are signed out",
    signedOutHelp: "This browser no longer knows you here. If others use it, close its windows too.",
    signInAgain: "Sign in again",
  },
  kept: {
    sees: (organization) => `${organization} cannot see`,
    does: (organization) => `${organization} cannot`,
    seen: [
      "your own apps, and which ones you have",
      "your mail, messages, photos, calendars, contacts and documents",
      "which web pages you open, and where the device is",
      "its serial number, phone number and other numbers that never change",
      "your passcode",
    ],
    done: [
      "erase the device or anything of yours",
      "remove your passcode",
      "change how the device works for you, beyond what is listed above",
      "keep you from ending it: remove the profile in Settings at any time, and all that belongs to work goes with it",
    ],
    management: "Device management itself does not read your messages, photos or calls.",
  },
  before: {
    own: (organization) => `Use this device for ${organization}`,
    ownHelp:
      "The device stays yours. What belongs to work is kept apart from what is yours. This is what that means.",
    managed: (organization) => `Let ${organization} manage this device`,
    managedHelp: (organization) =>
      `The device is set up and looked after by ${organization}. This is what that means.`,
    next: "Continue to sign in",
    stop: "Nothing has happened yet. Close this page to stop.",
  },
  setup: {
    title: "Set-up",
    heading: "This did not work",
    notADevice: "This page is opened by a device that is being set up.",
    notApples: "This device could not show that it is one of Apple's.",
    tooMuch: "This device says too much of itself.",
    notHere: "This device cannot be set up here.",
    unknownDevice: "This device is not assigned to this server. Assign it in Apple Business, and try again.",
    unpairedWatch: "This watch is not paired with a managed iPhone. Unpair it, and pair it again.",
    notReady: "This server cannot enroll devices yet. Tell the people who look after your devices.",
  },
};
