import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";

// One spelling for all that a program is told: a code, a reason or a slug is kebab-case, wherever it is written.

const src = resolve(import.meta.dirname, "../src");
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Words of other people's that stand in such a place. */
const foreign: Record<string, RegExp> = {
  // Apple's own codes for its device assignment service, which are in capitals or with underscores.
  // And what a device reads that may not enroll yet.
  "ade/": /^([A-Za-z_]+|com\.apple\.[a-z.]+)$/,
  // What a device reads in a refusal: Apple's ErrorCodeDeviceUnrecognized.
  "http/device/answer.ts": /^com\.apple\.[a-z.]+$/,
  // And what one reads that may not enroll, or not yet.
  "http/device/account/app.ts": /^com\.apple\.[a-z.-]+$/,
  // Why a device lacks a profile is a sentence, for people.
  "device/desired/profiles/": / /,
  // And why it is not called what it should be.
  "device/desired/naming/": / /,
  "assignment/device-name.ts": / /,
  // The identifier of an extension: the reason of a revocation.
  "pki/oids.ts": /^[0-9.]+$/,
  // RFC 5280's reasons of a revocation, as revocation lists and our API have them.
  "db/use-certificates.ts": /^cessationOfOperation$/,
  "http/api/route/examples/bodies.ts": /^keyCompromise$/,
  // Cloudflare's codes for a mail that was not sent.
  "mail/client.ts": /^E_[A-Z_]+$/,
};

/** `reason: "…"`, `code: "…" | "…"`, `slug = "…"`, `type Reason = | "…"`: each of the words. */
function codesIn(text: string): string[] {
  const places = text.matchAll(
    /\b(?:code|reason|slug|\w+(?:Code|Reason|Slug))\??\s*[:=]\s*((?:\|?\s*"[^"\n]*"\s*)+)/g,
  );
  const refusals = text.matchAll(/\bproblem\(\s*c,\s*("[^"\n]*")/g);
  return [...places, ...refusals].flatMap(([, words = ""]) =>
    [...words.matchAll(/"([^"]*)"/g)].map(([, word = ""]) => word).filter((word) => word !== ""),
  );
}

/** The keys of the table that a file calls so. */
function keysOf(file: string, table: string): string[] {
  const text = readFileSync(resolve(src, file), "utf8");
  const [body = ""] = text.split(`export const ${table} = {\n`)[1]?.split("\n} as const") ?? [];
  return [...body.matchAll(/^ {2}"?([^\s":]+)"?: /gm)].map(([, key = ""]) => key);
}

const sources = globSync("**/*.ts", { cwd: src })
  .filter((file) => !file.endsWith(".d.ts") && !file.startsWith("catalog/data/"))
  .map((file) => ({ file, text: readFileSync(resolve(src, file), "utf8") }));

const isForeign = (file: string, word: string): boolean =>
  Object.entries(foreign).some(([room, words]) => file.startsWith(room) && words.test(word));

describe("every code, reason and slug is kebab-case", () => {
  test("in all sources", () => {
    const words = sources.flatMap(({ file, text }) => codesIn(text).map((word) => ({ file, word })));
    const odd = words.filter(({ file, word }) => !kebab.test(word) && !isForeign(file, word));

    expect(odd).toEqual([]);
    expect(words.length).toBeGreaterThan(400);
  });

  test.each([
    ["problems of the API", "http/api/route/problem.ts", "problems", 16],
    ["findings of the catalogue", "catalog/finding.ts", "findingLevels", 25],
    ["rules of profiles", "profiles/findings.ts", "profileRules", 40],
  ])("in the table of the %s", (_, file, table, atLeast) => {
    const keys = keysOf(file, table);

    expect(keys.filter((code) => !kebab.test(code))).toEqual([]);
    expect(keys.length).toBeGreaterThanOrEqual(atLeast);
  });

  test.each([
    ['refuse({ reason: "tooLarge" })', "tooLarge"],
    ['type R = { reason: "fine" | "not_fine"; detail: string }', "not_fine"],
    ['export type RefusalReason =\n  | "fine"\n  | "NotFine"', "NotFine"],
    ['problem(c, "not_found", "x")', "not_found"],
  ])("and %s would be found", (text, word) => {
    expect(codesIn(text).filter((code) => !kebab.test(code))).toEqual([word]);
  });
});
