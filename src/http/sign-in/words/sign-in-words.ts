import type { Role } from "../../../admin/roles.ts";
import type { SignInReason } from "../../../sign-in/refusal.ts";

/** What the pages of sign-in say, in one language. */
export type SignInWords = {
  /** For dates. */
  locale: string;
  code: {
    title: (organization: string) => string;
    heading: string;
    ask: (organization: string) => string;
    wrong: string;
    wrongHelp: string;
    label: string;
    next: string;
  };
  /** Nobody is signed in: what has happened, why, and what to do. */
  refusals: Readonly<Record<SignInReason, { title: string; why: string; next: string }>>;
  again: string;
  /** Before the reason and the id of the request. */
  inLog: string;
  fault: { title: string; why: string; next: string };
  administrator: {
    title: string;
    you: string;
    role: string;
    lasts: string;
    hours: (hours: number) => string;
    showsToken: string;
    console: string;
    program: (host: string) => string;
    next: string;
    stop: string;
  };
  token: {
    title: string;
    actsFor: (name: string, until: string) => string;
    label: string;
    once: string;
    use: string;
    /** Of a sign-in, which a person ends. */
    end: string;
  };
  /** To a colleague who shall administer. */
  invitation: {
    title: string;
    intro: (organization: string, inviter: string | undefined) => string;
    address: string;
    role: string;
    roles: Readonly<Record<Role, string>>;
    until: string;
    signIn: string;
    signInHow: string;
    accept: string;
    acceptHow: (days: number) => string;
    /** Somebody else opened the link. */
    notYou: string;
  };
  me: {
    title: (organization: string) => string;
    heading: string;
    name: string;
    account: string;
    device: string;
    yours: string;
    managed: (organization: string) => string;
    since: (day: string) => string;
    privacy: (organization: string) => string;
    signOut: string;
    signedOut: string;
    signedOutHelp: string;
    signInAgain: string;
  };
  /** What a user enrollment keeps from the organization, whatever it asks for. */
  kept: {
    sees: (organization: string) => string;
    does: (organization: string) => string;
    seen: readonly string[];
    done: readonly string[];
    /** Of a device that the organization manages as a whole. */
    management: string;
  };
  /** Between what a person typed in Settings and the sign-in. */
  before: {
    own: (organization: string) => string;
    ownHelp: string;
    managed: (organization: string) => string;
    managedHelp: (organization: string) => string;
    next: string;
    stop: string;
  };
  /** In Setup Assistant. */
  setup: {
    title: string;
    heading: string;
    notADevice: string;
    notApples: string;
    tooMuch: string;
    notHere: string;
    unknownDevice: string;
    unpairedWatch: string;
    notReady: string;
  };
};
