import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { expect, test } from "vitest";

// What the console says is there in every language. A word that is missing would be said in English.

const words = resolve(import.meta.dirname, "../../console/src/words");
const languages = readdirSync(words, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const rooms = readdirSync(join(words, "en")).map((file) => basename(file, ".ts"));
const translations = languages
  .filter((language) => language !== "en")
  .flatMap((language) => rooms.map((room) => ({ language, room })));

/** Names of systems and products, the same everywhere. */
const names = /^(product$|platform\.(?!unknown))/;

const read = async (language: string, room: string): Promise<object> =>
  ((await import(join(words, language, `${room}.ts`))) as { default: object }).default;

const keysOf = (table: object, before = ""): string[] =>
  Object.entries(table).flatMap(([key, said]) =>
    typeof said === "object" && said !== null ? keysOf(said, `${before}${key}.`) : [before + key],
  );

test("there are five languages", () => {
  expect(languages.toSorted()).toEqual(["de", "en", "es", "fr", "ja"]);
});

test.each(translations)(
  "$room in $language has every word of the English one, and no other",
  async ({ language, room }) => {
    const wanted = keysOf(await read("en", room)).filter((key) => !names.test(key));
    const said = keysOf(await read(language, room)).filter((key) => !names.test(key));

    expect(said.toSorted()).toEqual(wanted.toSorted());
  },
);

test.each(translations)(
  "$room in $language has numbers where the English one has",
  async ({ language, room }) => {
    const english = await read("en", room);
    const other = await read(language, room);
    for (const key of keysOf(other)) {
      const [here, there] = [english, other].map((table) => at(table, key));
      expect(typeof there, key).toBe(typeof here);
      if (typeof there !== "function" || typeof here !== "function") continue;
      for (const given of [1, 2, 1234]) {
        const said = String(there(given, given, given));
        expect(said, key).not.toMatch(/undefined|NaN|#/);
      }
    }
  },
);

test("every event of the server has its words", async () => {
  const sources = ["event", "announce"].map((file) =>
    readFileSync(resolve(import.meta.dirname, `../../src/events/${file}.ts`), "utf8"),
  );
  const events = sources.flatMap((source) => [...source.matchAll(/^ +\| "([a-z_]+\.[a-z_]+)"/gm)]);
  const { names } = (await read("en", "events")) as { names: object };

  expect(Object.keys(names)).toEqual(expect.arrayContaining(events.map(([, name]) => name)));
  expect(events.length).toBeGreaterThan(100);
});

const at = (table: object, key: string): unknown => {
  // Names of events have dots of their own.
  const [first = "", ...rest] = key.split(".");
  const value = (table as Record<string, unknown>)[first];
  if (rest.length === 0) return value;
  const whole = (value as Record<string, unknown> | undefined)?.[rest.join(".")];
  return whole ?? (typeof value === "object" && value !== null ? at(value, rest.join(".")) : undefined);
};
