import { expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { abilityOf, lanesOf, newestOfEach } from "../../src/gdmf/newest.ts";
import { platformOfModel, readList, type SignedSystem } from "../../src/gdmf/read-list.ts";
import { versionKey } from "../../src/mdm/platform.ts";
import { gdmfBytes, gdmfList } from "../support/gdmf-list.ts";

const now = Date.parse("2026-08-22T12:00:00Z");

function read(list: unknown = gdmfList()): SignedSystem[] {
  const systems = readList(gdmfBytes(list));
  if (!systems.ok) throw new Error(systems.refusal.detail);
  return systems.value;
}

const of = (systems: SignedSystem[], list: string, platform: string) =>
  systems.filter((system) => system.list === list && system.platform === platform);

test("the platform is read from the model: an entry of phones and tablets is one of each", () => {
  const systems = read();

  expect(of(systems, "public", "ios").map(({ version, build }) => `${version} ${build}`)).toEqual([
    "26.6 23G83",
    "26.6 23G6083",
    "18.7.10 22H352",
    "18.7.10 22H6352",
    "12.5.8 16H88",
    "12.5.8 16H6088",
  ]);
  expect(of(systems, "public", "ipados")[0]?.models).toEqual({ "iPad13,1": "2099-02-06" });
  expect(of(systems, "public", "tvos")).toHaveLength(2);
  expect(systems.filter(({ version }) => version === "26.7")).toEqual([]);
});

test("one build in two entries has the models of both, each with its own last day", () => {
  const [system] = of(read(), "managed", "ios").filter(({ build }) => build === "23F77");

  expect(system?.models).toEqual({ "iPhone14,6": "2099-03-27", "iPhone17,1": "2099-02-28" });
});

test("improvements are read under the old and the new name, and are nobody's newest system", () => {
  const { PublicBackgroundSecurityImprovements: improvements, ...list } = gdmfList();

  const [improvement] = of(
    read({ ...list, PublicRapidSecurityResponses: improvements }),
    "improvement",
    "ios",
  );

  expect(improvement).toMatchObject({ version: "26.6", supplement: "(a)", prerequisiteBuild: "23G83" });
  expect(read(list).filter((system) => system.list === "improvement")).toEqual([]);
  expect(newestOfEach(of(read(), "improvement", "ios"), now).size).toBe(0);
});

test.each([
  ["no JSON", utf8("<html>")],
  ["a text", utf8('"list"')],
  ["bytes that are no text", Uint8Array.of(0xff, 0xfe)],
  ["an object without the lists", utf8('{"PublicAssetSets":{}}')],
])("%s is refused", (_, bytes) => {
  expect(readList(bytes).ok).toBe(false);
});

test("entries that cannot be read are left out, and the others stay", () => {
  const list = gdmfList();
  const bad = [
    { ProductVersion: 26, Build: "1", PostingDate: "2026-08-10", SupportedDevices: ["iPhone14,6"] },
    { ProductVersion: "26.9", Build: "23Z1", PostingDate: "soon", SupportedDevices: ["iPhone14,6"] },
    { ProductVersion: "26.9", Build: "23Z1", PostingDate: "2026-08-10", SupportedDevices: "iPhone14,6" },
    { ProductVersion: "26.9", Build: "23Z1", PostingDate: "2026-08-10", SupportedDevices: ["__proto__", 3] },
  ];

  const systems = read({ ...list, AssetSets: { iOS: [...bad, ...(list.AssetSets.iOS ?? [])], x: 7 } });

  expect(of(systems, "managed", "ios")[0]?.version).toBe("26.6");
  expect(systems.filter(({ version }) => version === "26.9")).toEqual([]);
});

test("the newest is told by number, for each model: 26.10 comes after 26.9, and a last day that is over ends it", () => {
  const system = (version: string, until: string | null): SignedSystem => ({
    list: "managed",
    platform: "ios",
    version,
    supplement: "",
    build: version,
    versionKey: versionKey(version) ?? 0,
    prerequisiteBuild: null,
    postedOn: "2026-08-10",
    models: { "iPhone14,6": until },
  });
  const both = [system("26.9", null), system("26.10", "2026-08-22")];

  expect(newestOfEach(both, now).get("iPhone14,6")?.version).toBe("26.10");
  expect(newestOfEach(both, now + 86_400_000).get("iPhone14,6")?.version).toBe("26.9");
});

test("models with the same newest system are one lane, the newest first", () => {
  const lanes = lanesOf(of(read(), "managed", "ios"), now);

  expect(lanes.map(({ system, models }) => [system.version, models])).toEqual([
    ["26.6", ["iPhone14,6", "iPhone17,1"]],
    ["18.7.10", ["iPhone11,2", "iPhone11,8"]],
    ["12.5.8", ["iPhone7,2"]],
  ]);
});

test.each([
  ["iPhone14,6", "26.6", "yes"],
  ["iPhone14,6", "18", "yes"],
  ["iPhone11,2", "26", "no"],
  ["iPhone11,2", "18.7", "yes"],
  ["iPhone14,6", "27", "unknown"],
  ["iPhone99,1", "26", "unknown"],
])("whether %s can run %s: %s", (model, version, ability) => {
  const newest = newestOfEach(of(read(), "public", "ios"), now);

  expect(abilityOf(newest, [model], versionKey(version) ?? 0)).toBe(ability);
});

test.each([
  ["iPod9,1", "ios"],
  ["iPad13,1", "ipados"],
  ["AppleTV14,1", "tvos"],
  ["Watch7,1", "watchos"],
  ["RealityDevice14,1", "visionos"],
  ["J514cAP", "macos"],
  ["Mac-1E7E29AD0135F9BC", "macos"],
  ["VMA2MACOSAP", "macos"],
  ["VMM-x86_64", "macos"],
  ["Mac15,3", undefined],
  ["AudioAccessory5,1", undefined],
])("%s is of %s", (model, platform) => {
  expect(platformOfModel(model)).toBe(platform);
});
