import type { Language } from "../../base/languages.ts";
import type { ProblemRow } from "../../db/problems.ts";
import { codes, isProblemCode, type ProblemWords } from "../codes.ts";

/** The texts of one problem, in one language. */
export type ProblemText = { title: string; means: string; todo: string };

type Found = Pick<ProblemRow, "code" | "facts">;

export type Speaker = (found: Found) => ProblemText;

const others: Readonly<Record<Exclude<Language, "en">, () => Promise<{ words: ProblemWords }>>> = {
  de: () => import("./de.ts"),
  fr: () => import("./fr.ts"),
  es: () => import("./es.ts"),
  ja: () => import("./ja.ts"),
};

export const inEnglish: Speaker = (found) => textOf(found, codes);

/** A language is loaded when it is first asked for. */
export async function speakerOf(language: Language): Promise<Speaker> {
  if (language === "en") return inEnglish;
  const { words } = await others[language]();
  return (found) => textOf(found, words);
}

/** A problem that a newer version found has no texts here. */
function textOf({ code, facts }: Found, words: ProblemWords): ProblemText {
  if (!isProblemCode(code)) return { title: code, means: "", todo: "" };
  const { title, means, todo } = words[code];
  return { title: title(facts), means, todo: todo(facts) };
}
