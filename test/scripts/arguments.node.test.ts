import { describe, expect, test } from "vitest";
import { countOf, readArguments, usageOf } from "../../scripts/arguments.ts";

const script = {
  name: "npm run example",
  does: "Shows what an example is.",
  options: {
    devices: { takes: "N", help: "how many devices", otherwise: "10" },
    file: { takes: "FILE", help: "a file; may be given again", many: true },
    out: { takes: "FILE", help: "where to" },
    quiet: { help: "say nothing" },
  },
} as const;

const read = (...args: string[]) => readArguments(script, args);

describe("the options of a script", () => {
  test("are read, with what stands for those that are absent", () => {
    expect(read()).toEqual({ devices: "10", file: [], out: undefined, quiet: false });
    expect(read("--devices=3", "--file", "a", "--file", "b", "--quiet")).toEqual({
      devices: "3",
      file: ["a", "b"],
      out: undefined,
      quiet: true,
    });
  });

  test.each([
    [["--device", "3"], "npm run example knows no option --device; did you mean --devices?"],
    [
      ["--nonsense"],
      "npm run example knows no option --nonsense; it takes --devices, --file, --out, --quiet, --help",
    ],
    [["more"], "npm run example takes no more: npm run example -- --help tells what it takes"],
  ])("%j is refused in one sentence", (args, sentence) => {
    expect(() => read(...args)).toThrow(sentence);
  });

  test("a value that is missing is asked for", () => {
    expect(() => read("--out")).toThrow(/--out.* argument missing: npm run example -- --help tells more/);
  });

  test("a count is a whole number from 1", () => {
    expect(countOf("devices", "3")).toBe(3);
    for (const text of ["0", "-1", "1.5", "many"]) {
      expect(() => countOf("devices", text)).toThrow(`--devices takes a whole number from 1, not ${text}`);
    }
  });

  test("are explained on a page of their own", () => {
    expect(usageOf(script)).toBe(`npm run example -- [options]

Shows what an example is.

  --devices N  how many devices (10 unless told)
  --file FILE  a file; may be given again
  --out FILE   where to
  --quiet      say nothing
  --help       this page`);
  });
});
