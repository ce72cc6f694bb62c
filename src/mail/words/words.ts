import type { Language } from "../../base/languages.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { ja } from "./ja.ts";
import type { MailWords } from "./mail-words.ts";

/** The one table of the languages of mail. */
export const wordsIn: Readonly<Record<Language, MailWords>> = { en, de, fr, es, ja };
