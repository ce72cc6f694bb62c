import type { Role } from "../../../admin/roles.ts";
import { type Language, languageAsked } from "../../../base/languages.ts";

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

const tables: Readonly<Record<Language, () => Promise<{ words: SignInWords }>>> = {
  en: () => import("./en.ts"),
  de: () => import("./de.ts"),
  fr: () => import("./fr.ts"),
  es: () => import("./es.ts"),
  ja: () => import("./ja.ts"),
};

export type Spoken = { language: Language; words: SignInWords };

/** In the language that the browser asks for. */
export async function spokenTo(acceptLanguage: string | undefined): Promise<Spoken> {
  const language = languageAsked(acceptLanguage);
  return { language, words: (await tables[language]()).words };
}
