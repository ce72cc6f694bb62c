import { type Language, languageAsked } from "../../../base/languages.ts";

/** What the self-service page says, in one language. */
export type ShelfWords = {
  locale: string;
  title: (organization: string) => string;
  heading: string;
  /** `device`: how the device is called, or its model. */
  intro: (organization: string, device: string) => string;
  thisDevice: string;
  empty: string;
  kinds: { profile: string; declaration: string; app: string };
  states: {
    available: string;
    installing: (since: string) => string;
    waiting_for_licence: string;
    waiting_for_person: string;
    installed: string;
    failed: string;
    not_applicable: string;
    removing: (since: string) => string;
  };
  /** What helps, under the state. */
  help: {
    installing: string;
    waiting_for_licence: string;
    waiting_for_person: string;
    failed: string;
    not_applicable: string;
    removing: string;
  };
  install: string;
  remove: string;
  cancel: string;
  /** Of what; for people who hear the button alone. */
  of: (button: string, name: string) => string;
  again: string;
  reloads: string;
  contact: string;
  link: { title: string; why: string; next: string };
  notOffered: { title: string; why: string; next: string };
  elsewhere: { title: string; why: string; next: string };
  busy: { title: string; why: string; next: string };
  fault: { title: string; why: string; next: string };
  back: string;
};

const tables: Readonly<Record<Language, () => Promise<{ words: ShelfWords }>>> = {
  en: () => import("./en.ts"),
  de: () => import("./de.ts"),
  fr: () => import("./fr.ts"),
  es: () => import("./es.ts"),
  ja: () => import("./ja.ts"),
};

export type Spoken = { language: Language; words: ShelfWords };

/** In the language that the browser asks for. */
export async function spokenTo(acceptLanguage: string | undefined): Promise<Spoken> {
  const language = languageAsked(acceptLanguage);
  return { language, words: (await tables[language]()).words };
}
