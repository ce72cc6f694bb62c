import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { buildCatalogue } from "../../scripts/catalog/catalogue.ts";
import { changesBetween } from "../../scripts/catalog/changes.ts";
import { readCheckout } from "../../scripts/catalog/checkout.ts";
import { correct } from "../../scripts/catalog/corrections.ts";
import { withFormer } from "../../scripts/catalog/releases.ts";
import { readPacked, renderData } from "../../scripts/catalog/render.ts";

const madeUp = resolve(import.meta.dirname, "../fixtures/catalog/checkout");
const scratch = mkdtempSync(join(tmpdir(), "catalog-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const build = (path = madeUp) => buildCatalogue(readCheckout(path));
const render = (path = madeUp) => renderData(build(path), readCheckout(path).licence);
const edited = (name: string, file: string, edit: (text: string) => string): string => {
  const copy = join(scratch, name);
  cpSync(madeUp, copy, { recursive: true });
  writeFileSync(join(copy, file), edit(readFileSync(join(copy, file), "utf8")));
  return copy;
};
const specOf = (file: string, kind: keyof ReturnType<typeof build>["kinds"]) =>
  build().kinds[kind].specs.find(([name]) => name === file)?.[1];

test("a command keeps its facts and leaves its prose behind", () => {
  const { keys, response } = specOf("mdm/commands/bell.ring", "commands") ?? { keys: [] };

  expect(keys.slice(0, 3)).toEqual([
    { name: "Times", required: true, type: "integer", range: { min: 1, max: 12 } },
    { name: "Sound", type: "string", default: "Ding", rangelist: ["Ding", "Dong"], os: 1 },
    { name: "Pattern", type: "string", format: "^[a-z]{3}$" },
  ]);
  expect(response).toEqual([{ name: "Rung", required: true, type: "boolean" }]);
});

test("containers say what they hold: choices, alternatives, any name, anything", () => {
  const keys = specOf("mdm/commands/bell.ring", "commands")?.keys.slice(4);

  expect(keys).toEqual([
    {
      name: "Where",
      type: "array",
      repetition: { min: 1, max: 2 },
      items: { type: "string", choices: [["Tower"], ["Gate", 2]] },
    },
    {
      name: "Melody",
      type: "array",
      items: { type: "array", repetition: { min: 4, max: 4 }, items: { type: "string" } },
    },
    {
      name: "Actions",
      type: "array",
      items: {
        type: "dictionary",
        alternatives: {
          tag: "Item",
          of: [
            {
              name: "Swing",
              type: "dictionary",
              keys: [
                { name: "Item", required: true, type: "string", rangelist: ["Swing"] },
                { name: "Angle", required: true, type: "real" },
              ],
            },
            {
              name: "Rest",
              type: "dictionary",
              keys: [{ name: "Item", required: true, type: "string", rangelist: ["Rest"] }],
            },
          ],
        },
      },
    },
    {
      name: "Labels",
      type: "dictionary",
      keys: [{ name: "ANY label", required: true, wildcard: true, type: "string" }],
    },
    { name: "Extra", type: "dictionary" },
  ]);
});

test("what platforms say is kept once, and a false that demands nothing is dropped from an entry", () => {
  const { shared } = build().kinds.commands;

  expect(shared.facts[0]).toEqual({
    introduced: "10.10",
    accessrights: "AllowDeviceErase",
    sharedipad: { mode: "allowed", devicechannel: true, userchannel: false },
  });
  expect(shared.tables[0]).toEqual({ ios: 0, macos: null, tvos: 1, visionos: null, watchos: null });
  expect(shared.tables[1]).toEqual({ ios: 2, tvos: null });
});

test("a list that holds itself becomes steps upwards, and a list used twice is written twice", () => {
  const above = { name: "Above", type: "array", items: 2 };
  const floor = { type: "dictionary", keys: [{ name: "Name", required: true, type: "string" }, above] };

  expect(specOf("mdm/profiles/com.example.tower", "profiles")?.keys).toEqual([
    { name: "Floors", type: "array", items: floor },
    { name: "Cellar", type: "array", items: floor },
  ]);
});

test("a declaration keeps how it combines, its reasons and its status items", () => {
  expect(specOf("declarative/declarations/configurations/bell", "declarations")).toEqual({
    apply: "combined",
    "related-status-items": ["bell.state"],
    reasons: [{ value: "Error.NoTune", details: [{ name: "Identifier", type: "string" }] }],
    keys: [
      { name: "Volume", type: "integer", combinetype: "number-max" },
      { name: "Tune", type: "string", assettypes: ["com.example.asset.tune"] },
    ],
  });
});

test("key objects are counted once for each way to them, and once each", () => {
  expect(build().release.folders["mdm/profiles"]).toEqual({
    files: 1,
    payloadkeys: { expanded: 8, unique: 5, top: 2 },
    responsekeys: { expanded: 0, unique: 0, top: 0 },
  });
});

test("an error's identity is the one value of its code", () => {
  expect(build().kinds.errors.shared.index).toEqual([["mdm/errors/no.bell", "com.example.no-bell", 0]]);
});

test("what is not understood is told and stops nothing", () => {
  expect(build().unread).toEqual([
    "folder mdm/novelties (1)",
    "format that is a sentence: mdm/commands/bell.ring Sentence (1)",
    "key colour (1)",
  ]);
});

test("the release is named by the newest versions found, compared number by number", () => {
  expect(build().release.newest).toEqual({ ios: "15.0", macos: "10.9", tvos: "12.0" });
});

test("the same checkout gives the same files, under a header that names source, generator and licence", () => {
  const files = render();

  expect([...render()]).toEqual([...files]);
  expect([...files.keys()].sort()).toMatchInlineSnapshot(`
    [
      "LICENSE.txt",
      "checkins.ts",
      "commands.ts",
      "credentials.ts",
      "declarations.ts",
      "errors.ts",
      "profiles.ts",
      "release.ts",
      "status-items.ts",
      "structures.ts",
    ]
  `);
  expect(files.get("commands.ts")).toContain("Generated by `npm run catalog`");
  expect(files.get("commands.ts")).toContain(build().release.digest);
  expect(files.get("commands.ts")).toContain(
    "Copyright © 2026 Nobody in particular MIT licence, see LICENSE.txt",
  );
  expect(files.get("LICENSE.txt")).toContain("A made-up licence");
});

test("no prose of the schema reaches the data", () => {
  const text = [...render().values()].flatMap(readPacked).join("\n");

  expect(text).not.toMatch(/prose|Rings a bell|How often/i);
});

test("a run tells which entries are new, gone and changed", () => {
  const newer = edited("newer", "mdm/commands/bell.ring.yaml", (text) => text.replace("max: 12", "max: 24"));
  const changes = changesBetween(render().get("commands.ts") ?? "", render(newer).get("commands.ts") ?? "");

  expect(changes).toEqual({ added: [], gone: [], changed: ["mdm/commands/bell.ring"] });
  expect(changesBetween("", render().get("errors.ts") ?? "").added).toEqual(["mdm/errors/no.bell"]);
});

test.each([
  ["a version that YAML read as a number", /'10.10'/, "10.10", /introduced is 10.1, not a version text/],
  ["a type that nobody knows", /<real>/, "<number>", /type <number> is not known/],
  [
    "alternatives that nothing tells apart",
    /rangelist: \[Rest\]/,
    "rangelist: [Sleep]",
    /tells its 2 alternatives apart/,
  ],
  ["a file without identity", /requesttype: RingBell/, "note: none", /bell.ring has no identity/],
])("%s stops the run", (name, find, replacement, message) => {
  const path = edited(name, "mdm/commands/bell.ring.yaml", (text) => text.replace(find, replacement));

  expect(() => build(path)).toThrow(message);
});

test("a folder without the licence is not taken for a checkout", () => {
  expect(() => readCheckout(scratch)).toThrow(/no LICENSE.txt/);
});

test("a correction changes its key and is reported when its place is gone", () => {
  const { files } = readCheckout(madeUp);
  const row = (at: string[]) => ({
    file: "mdm/commands/bell.ring",
    at,
    why: "",
    change: (key: { presence?: string }) => {
      key.presence = "optional";
    },
  });
  const times = files.find(({ path }) => path === "mdm/commands/bell.ring")?.raw.payloadkeys?.[0];

  expect(correct(files, [row(["Times"]), row(["Actions", "Jump"])])).toEqual([
    "mdm/commands/bell.ring: Actions > Jump",
  ]);
  expect(times?.presence).toBe("optional");
});

test("of two releases together, what the newer one has no more keeps its facts and is marked as removed", () => {
  const newer = edited("newer", "mdm/commands/bell.ring.yaml", (text) =>
    text.replace(/- key: Sound[\s\S]*?(?=- key: Pattern)/, ""),
  );
  rmSync(join(newer, "declarative/status/bell.state.yaml"));

  const both = buildCatalogue(withFormer(readCheckout(newer), readCheckout(madeUp)));

  const ring = both.kinds.commands.specs.find(([name]) => name === "mdm/commands/bell.ring")?.[1];
  const before = specOf("mdm/commands/bell.ring", "commands");
  expect(ring?.keys.map(({ name }) => name).toSorted()).toEqual(
    before?.keys.map(({ name }) => name).toSorted(),
  );
  const { facts, tables } = both.kinds.commands.shared;
  const sound = ring?.keys.find(({ name }) => name === "Sound");
  const newest = both.release.newest;
  const said = Object.entries(tables[Number(sound?.os)] ?? {}).flatMap(([platform, place]) =>
    place === null ? [] : [[platform, facts[place as number]?.removed]],
  );
  expect(said.length).toBeGreaterThan(0);
  for (const [platform, removed] of said) expect(removed).toBe(newest[platform as keyof typeof newest]);

  const items = both.kinds["status-items"].shared;
  const [, , state] = items.index[0] ?? [];
  const marks = Object.values(items.tables[Number(state)] ?? {}).flatMap((place) =>
    place === null ? [] : [items.facts[place as number]?.removed],
  );
  expect(marks.length).toBeGreaterThan(0);
  expect(marks).not.toContain(undefined);
  expect(both.unread).toEqual(build().unread);
});
