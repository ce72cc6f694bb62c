import type { Role } from "../../../admin/roles.ts";

/** What the pages of sign-in say, in one language. */
export type SignInWords = {
  locale: string;
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
  token: {
    title: string;
    actsFor: (name: string, until: string) => string;
    label: string;
    once: string;
    use: string;
    /** Of a sign-in, which a person ends. */
    end: string;
  };
};
