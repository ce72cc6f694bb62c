/** Why nobody is signed in. What a person reads of it is in `http/sign-in/pages.ts`; the detail is for the log. */
export type SignInRefusal = { reason: SignInReason; detail: string };

export type SignInReason =
  /** The person, or the provider in the person's name, said no. */
  | "cancelled"
  /** The provider would not: its own error. */
  | "provider-refused"
  | "provider-unreachable"
  /** It answers what the specification does not allow. */
  | "provider-misbehaves"
  /** It does not take this server's client id or secret. */
  | "client-not-accepted"
  /** The sign-in was begun too long ago, or nothing that we began. */
  | "state-unknown"
  /** It was begun in another browser, or cookies are off. */
  | "other-browser"
  /** The code was used, or is too old. */
  | "code-spent"
  | "token-invalid"
  /** Ours and the provider's clock differ. */
  | "clock-differs"
  | "no-account"
  | "domain-not-allowed"
  | "email-not-verified"
  /** The page is not behind Cloudflare Access, or somebody went around it. */
  | "access-missing"
  | "invitation-unknown"
  | "invitation-without-account"
  /** No provider is set for administrators. */
  | "administrators-not-set"
  /** Somebody who is known, and whom no rule lets in. */
  | "not-an-administrator"
  /** The link is used, withdrawn, too old or incomplete. */
  | "administrator-invitation-unknown"
  /** The one who signed in is another than the one who was invited. */
  | "administrator-invitation-of-another"
  /** A program asks for a sign-in in a way that is not taken. */
  | "program-not-accepted";
