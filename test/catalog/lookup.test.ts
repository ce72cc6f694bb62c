import { expect, test } from "vitest";
import { release } from "../../src/catalog/data/release.ts";
import { factsFor } from "../../src/catalog/facts.ts";
import { entriesOf, specsOf } from "../../src/catalog/library.ts";
import {
  commandSpec,
  declarationSpec,
  idsOf,
  listEntries,
  profileSpec,
  specOf,
  statusItemSpec,
  structureSpec,
} from "../../src/catalog/lookup.ts";
import { type Kind, kinds, type Platform, platforms, type Spec } from "../../src/catalog/spec.ts";
import { pickVariant } from "../../src/catalog/variants.ts";
import { isAtLeast } from "../../src/catalog/version.ts";
import { walk } from "../support/catalog-walk.ts";

const allSpecs = async (kind: Kind): Promise<Spec[]> => {
  const entries = await entriesOf(kind);
  const specs = await Promise.all([...new Set(entries.map(({ id }) => id))].map((id) => specsOf(kind, id)));
  return specs.flat();
};
const countFor = async (kind: Kind, platform: Platform, keep = (_: string) => true) =>
  (await entriesOf(kind)).filter(({ os, file }) => os[platform] && keep(file)).length;

test("the generator read every key object of the release that the schema's own count knows", () => {
  const counts = Object.fromEntries(
    Object.entries(release.folders).map(([folder, { files, payloadkeys, responsekeys }]) => [
      folder,
      [files, ...Object.values(payloadkeys), ...Object.values(responsekeys)],
    ]),
  );

  expect(counts).toEqual({
    "mdm/checkin": [9, 62, 62, 59, 7, 7, 3],
    "mdm/commands": [68, 354, 354, 106, 547, 533, 52],
    "mdm/errors": [5, 31, 31, 18, 0, 0, 0],
    "mdm/profiles": [128, 2289, 1826, 1024, 0, 0, 0],
    "declarative/declarations": [1, 4, 4, 4, 0, 0, 0],
    "declarative/declarations/activations": [1, 3, 3, 2, 0, 0, 0],
    "declarative/declarations/assets": [7, 47, 47, 17, 0, 0, 0],
    "declarative/declarations/assets/credentials": [4, 40, 40, 25, 0, 0, 0],
    "declarative/declarations/configurations": [43, 869, 833, 243, 0, 0, 0],
    "declarative/declarations/management": [3, 9, 9, 7, 0, 0, 0],
    "declarative/protocol": [3, 29, 23, 6, 0, 0, 0],
    "declarative/status": [63, 352, 321, 65, 0, 0, 0],
    other: [5, 104, 104, 75, 0, 0, 0],
  });
  expect(release.files).toBe(340);
});

test("every identity of the release is found, each under its kind", async () => {
  const counts = Object.fromEntries(
    await Promise.all(kinds.map(async (kind) => [kind, (await idsOf(kind)).length])),
  );

  expect(counts).toEqual({
    checkins: 9,
    commands: 68,
    errors: 5,
    profiles: 120, // 126 files: com.apple.MCX is described by six, com.apple.extensiblesso by two
    declarations: 54,
    credentials: 4,
    "status-items": 62,
    structures: 12,
  });
});

test("as many commands, payloads and status items as counted work on each platform", async () => {
  const table = Object.fromEntries(
    await Promise.all(
      platforms.map(async (platform) => [
        platform,
        [
          await countFor("commands", platform),
          await countFor("profiles", platform),
          await countFor("declarations", platform, (file) => file.includes("/configurations/")),
          await countFor("status-items", platform),
          await countFor("checkins", platform),
        ],
      ]),
    ),
  );

  // Profiles without the two structures, status items without status-reason, all of which work everywhere.
  expect(table).toEqual({
    ios: [51, 51 - 2, 36, 53 - 1, 6],
    macos: [52, 111 - 2, 40, 57 - 1, 8],
    tvos: [28, 23 - 2, 11, 36 - 1, 4],
    visionos: [26, 34 - 2, 31, 45 - 1, 6],
    watchos: [21, 16 - 2, 7, 30 - 1, 4],
  });
});

test("every default passes its own list and range, and is never on a required key", async () => {
  const broken: string[] = [];
  for (const kind of kinds)
    for (const spec of await allSpecs(kind))
      for (const { value, path } of walk(spec)) {
        if (value.default === undefined) continue;
        const { min = -Infinity, max = Infinity } = value.range ?? {};
        const inList = !value.rangelist || value.rangelist.includes(value.default);
        const inRange = typeof value.default !== "number" || (value.default >= min && value.default <= max);
        if (!inList || !inRange || "required" in value) broken.push(`${spec.id} ${path.join(".")}`);
      }

  expect(broken).toEqual([]);
});

test("what entries refer to is in the catalogue: asset types, related status items", async () => {
  const declarations = await idsOf("declarations");
  const items = await idsOf("status-items");
  const missing: string[] = [];
  for (const spec of await allSpecs("declarations")) {
    for (const item of spec["related-status-items"] ?? []) if (!items.includes(item)) missing.push(item);
    for (const { value } of walk(spec))
      for (const type of value.assettypes ?? []) if (!declarations.includes(type)) missing.push(type);
  }

  expect(missing).toEqual([]);
});

test("the twenty settings are told apart by their Item, whose one value is the setting's name", async () => {
  const settings = (await commandSpec("Settings"))?.keys[0]?.items?.alternatives;

  expect(settings?.tag).toBe("Item");
  expect(settings?.of.length).toBe(20);
  for (const { name, keys } of settings?.of ?? [])
    expect(keys?.find((key) => key.name === "Item")?.rangelist).toEqual([name]);
});

test("the queries of DeviceInformation are choices, each with what it needs", async () => {
  const spec = await commandSpec("DeviceInformation");
  const choices = spec?.keys.find(({ name }) => name === "Queries")?.items?.choices ?? [];
  const answers = spec?.response?.find(({ name }) => name === "QueryResponses")?.keys ?? [];

  expect(choices.length).toBe(85);
  expect(answers.length).toBe(87);
  expect(choices.find(({ value }) => value === "ProvisioningUDID")?.os).toMatchObject({
    ios: null,
    macos: { introduced: "11.3", userenrollment: { mode: "forbidden" } },
  });
});

test("a structure that holds itself is a cycle of objects", async () => {
  const spec = await profileSpec("com.apple.homescreenlayout");
  const dock = spec?.keys.find(({ name }) => name === "Dock");
  const inside = dock?.items?.keys?.find(({ name }) => name === "Pages");

  expect(inside?.items?.items).toBe(dock?.items);
});

test("a key stands under what its entry says, overlaid attribute by attribute", async () => {
  const spec = await commandSpec("EraseDevice");
  const key = (name: string) => spec?.keys.find((candidate) => candidate.name === name);

  expect(factsFor(spec?.os ?? {}, key("DisallowProximitySetup")?.os, "ios")).toMatchObject({
    introduced: "11.3",
    accessrights: "AllowDeviceErase",
    sharedipad: { mode: "forbidden", devicechannel: true },
    userenrollment: { mode: "forbidden" },
  });
  expect(factsFor(spec?.os ?? {}, key("PreserveDataPlan")?.os, "macos")).toBeNull();
});

test("a payload type of several files answers the keys of all, and a deciding value picks one file", async () => {
  const sso = await profileSpec("com.apple.extensiblesso");
  const mcx = await profileSpec("com.apple.MCX");
  const identifier = (value: string) => (name: string) =>
    name === "ExtensionIdentifier" ? value : undefined;
  const kerberos = identifier("com.apple.AppSSOKerberos.KerberosExtension");

  expect(mcx?.keys.length).toBe(20);
  expect(mcx?.keys.some(({ required }) => required)).toBe(false);
  expect(sso?.keys.find(({ name }) => name === "ExtensionIdentifier")?.required).toBe(true);
  expect(sso && pickVariant(sso, kerberos).file).toBe("mdm/profiles/com.apple.extensiblesso(kerberos)");
  expect(sso && pickVariant(sso, identifier("com.example.sso"))).toBe(sso);
});

test("where the schema is known to err, the catalogue says what devices do", async () => {
  const scep = await profileSpec("com.apple.security.scep");
  const names = scep?.keys[0]?.keys?.find(({ name }) => name === "SubjectAltName")?.keys;
  const top = await structureSpec("TopLevel");

  expect(names?.filter(({ oneOrMany }) => oneOrMany).map(({ name }) => name)).toEqual([
    "rfc822Name",
    "dNSName",
    "uniformResourceIdentifier",
  ]);
  expect(top?.keys.find(({ name }) => name === "ConsentText")?.keys).toMatchObject([
    { wildcard: true, type: "string" },
  ]);
  expect(top?.keys.find(({ name }) => name === "PayloadContent")?.required).toBeUndefined();
  expect(top?.keys.map(({ name }) => name)).toContain("IsEncrypted");
  expect((await statusItemSpec("softwareupdate.install-state"))?.keys[0]?.rangelist).toContain("waiting");
  expect(
    (await specOf("checkins", "TokenUpdate"))?.keys.find(({ name }) => name === "UDID")?.required,
  ).toBeUndefined();
});

test("lists keep what a platform and a version have", async () => {
  const ids = async (filter: Parameters<typeof listEntries>[1]) =>
    (await listEntries("commands", filter)).map(({ id }) => id);

  expect(await ids({ platform: "ios" })).not.toContain("SetRecoveryLock");
  expect(await ids({ platform: "macos", os: "11.4" })).not.toContain("SetRecoveryLock");
  expect(await ids({ platform: "macos", os: "11.5" })).toContain("SetRecoveryLock");
  expect(await ids({ platform: "macos", os: "26.1" })).toContain("OSUpdateStatus");
  expect(await ids({ platform: "macos", os: "27.0" })).not.toContain("OSUpdateStatus");
  expect((await ids({})).length).toBe(68);
});

test("an id that Apple never published is not found", async () => {
  expect(await commandSpec("EraseEverything")).toBeUndefined();
  expect(await commandSpec("constructor")).toBeUndefined();
  expect(await declarationSpec("com.apple.configuration.none")).toBeUndefined();
  expect(await specOf("credentials", "com.apple.credential.acme")).toBeDefined();
});

test.each([
  ["10.10", "10.9", true],
  ["10.9", "10.10", false],
  ["17", "17.0.0", true],
  ["9.3.1", "9.3.2", false],
  ["1.0", "all", true],
])("version %s is at least %s: %s", (version, other, expected) => {
  expect(isAtLeast(version, other)).toBe(expected);
});
