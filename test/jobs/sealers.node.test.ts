import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { sealers } from "../support/sealers.ts";

const source = resolve(import.meta.dirname, "../../src");

const seals = (file: string): boolean => {
  const text = readFileSync(join(source, file), "utf8");
  const [, names = ""] = /import \{([^}]*)\} from "[^"]*pki\/seal\.ts"/.exec(text) ?? [];
  return /\b(seal|sealText)\b/.test(names);
};

test("all code that seals is known, with the columns that it fills", () => {
  const found = globSync("**/*.ts", { cwd: source }).filter(seals);

  expect(
    found.toSorted(),
    "a new one needs its column in src/jobs/kinds/reseal-places.ts, and then a line in test/support/sealers.ts",
  ).toEqual(Object.keys(sealers).toSorted());
});
