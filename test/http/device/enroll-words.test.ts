import { describe, expect, test } from "vitest";
import { languageOf } from "../../../src/http/device/enroll-words/language.ts";
import { rightsInWords } from "../../../src/http/device/enroll-words/rights.ts";
import { allRights } from "../../../src/profiles/mdm-payload.ts";

const codes = ["en", "de", "fr", "es", "ja"];
const english = languageOf("en").words;

const leaves = (node: unknown, at = ""): [string, string][] =>
  typeof node === "string"
    ? [[at, node]]
    : typeof node === "function"
      ? [[at, node("ORGANIZATION", "HOST")]]
      : Object.entries(node as object).flatMap(([key, one]) => leaves(one, `${at}/${key}`));

describe.each(codes)("the words in %s", (code) => {
  const { words } = languageOf(code);

  test("say all that the English ones say", () => {
    expect(leaves(words).map(([at]) => at)).toEqual(leaves(english).map(([at]) => at));
    expect(leaves(words).filter(([, text]) => text.trim() === "")).toEqual([]);
  });

  test("are no English left over", () => {
    const english = new Map(leaves(languageOf("en").words));
    const same = leaves(words).filter(([at, text]) => code !== "en" && english.get(at) === text);

    expect(
      same.map(([at]) => at).filter((at) => at !== "/steps/mac/title" && at !== "/steps/tv/title"),
    ).toEqual([]);
  });

  test("name the organization where the English ones do", () => {
    const naming = (all: [string, string][]) =>
      all.filter(([, text]) => text.includes("ORGANIZATION")).map(([at]) => at);

    expect(naming(leaves(words))).toEqual(naming(leaves(english)));
  });

  test("explain every right once", () => {
    const { sees, does } = rightsInWords(words, allRights);

    expect(new Set([...sees, ...does]).size).toBe(13);
    expect(rightsInWords(words, 8)).toEqual({ sees: [], does: [words.rights[8]] });
    expect(rightsInWords(words, undefined).sees).toBe(words.userSees);
  });
});
