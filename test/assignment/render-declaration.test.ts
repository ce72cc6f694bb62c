import { expect, test } from "vitest";
import { renderDeclaration } from "../../src/assignment/render-declaration.ts";
import { ok, refuse } from "../../src/base/result.ts";
import { checkDeclaration } from "../../src/catalog/check.ts";
import { declarationSpec, idsOf } from "../../src/catalog/lookup.ts";
import { toJson } from "../../src/catalog/to-json.ts";
import type { Json } from "../../src/declarations/canonical-json.ts";
import { kindOfType } from "../../src/declarations/declaration.ts";
import { differencesBetween } from "../../src/declarations/difference.ts";
import { parsePredicate } from "../../src/declarations/predicate.ts";
import { referencesIn } from "../../src/declarations/references.ts";
import type { Payload } from "../../src/declarations/server-filled.ts";
import { maximalPayload, minimalPayload, shapeOf } from "../support/catalog-payloads.ts";

const place = {
  origin: "https://mdm.example.com",
  deviceId: "00008101-1/2",
  file: (sha256: string) =>
    sha256 === "f00d" ? ok({ sha256, contentType: "application/zip", size: 12 }) : undefined,
  useDocument: (identifier: string) =>
    identifier === "com.example.one"
      ? ok({ sha256: "ac3e", contentType: "application/json", size: 9 })
      : refuse({ missing: ["use:wifi"] }),
  profileDigest: (identifier: string) => {
    if (identifier === "com.example.wifi") return ok("beef");
    return identifier === "com.example.vpn" ? refuse({ missing: ["user.id"] }) : undefined;
  },
};
const facts = { device: { serial_number: "C02", name: null }, attributes: { floor: "3" } };

const declaration = (type: string, payload: Record<string, unknown>, dataSha256: string | null = null) => ({
  kind: type.split(".")[2] as "asset" | "configuration",
  identifier: "com.example.one",
  type,
  payload,
  touches: 0,
  dataSha256,
});

async function rendered(...given: Parameters<typeof declaration>) {
  const result = await renderDeclaration(declaration(...given), facts, place);
  if (!result.ok) throw new Error(result.refusal.missing.join());
  return { ...result.value, json: JSON.parse(result.value.body) };
}

const echo = (Echo: string) => ["com.apple.configuration.management.test", { Echo }] as const;

test("variables are filled in, and the server token follows what they stand for", async () => {
  const [one, same, other] = await Promise.all([
    rendered(...echo("{{device.serial_number}} on {{attribute.floor}}")),
    rendered(...echo("C02 on {{attribute.floor}}")),
    rendered(...echo("C03 on {{attribute.floor}}")),
  ]);

  expect(one.json).toEqual({
    Type: "com.apple.configuration.management.test",
    Identifier: "com.example.one",
    ServerToken: one.serverToken,
    Payload: { Echo: "C02 on 3" },
  });
  expect(same.serverToken).toBe(one.serverToken);
  expect(other.serverToken).not.toBe(one.serverToken);
});

test("in a predicate a value stays a value, whatever quotes are in it", async () => {
  const predicate = (Predicate: string) => ["com.apple.activation.simple", { Predicate }] as const;
  const named = { ...facts, device: { name: String.raw`Ann's "\ OR TRUEPREDICATE OR '` } };
  const given = declaration(...predicate("@property(owner) == '{{device.name}}'"));

  const result = await renderDeclaration({ ...given, kind: "activation" }, named, place);
  const { Predicate } = JSON.parse(result.ok ? result.value.body : "").Payload;

  expect(parsePredicate(Predicate)).toMatchObject({
    ok: true,
    value: { kind: "comparison", right: { value: named.device.name } },
  });
});

test("the file of an asset gets an address of this device, its size and its hash", async () => {
  const asset = await rendered("com.apple.asset.data", { Authentication: { Type: "MDM" } }, "f00d");

  expect(asset.json.Payload).toEqual({
    Authentication: { Type: "MDM" },
    Reference: {
      ContentType: "application/zip",
      DataURL: "https://mdm.example.com/mdm/data/00008101-1%2F2/f00d",
      Size: 12,
      "Hash-SHA-256": "f00d",
    },
  });
  expect(asset.files).toEqual(["f00d"]);
});

test("an asset that names another server keeps that, and an asset that holds its facts has no file", async () => {
  const elsewhere = { Reference: { DataURL: "https://files.example.com/a.zip" } };

  expect((await rendered("com.apple.asset.data", elsewhere)).json.Payload).toEqual(elsewhere);
  expect((await rendered("com.apple.asset.useridentity", { FullName: "A" })).files).toEqual([]);
});

test("a profile of the library is wrapped by its address", async () => {
  const legacy = await rendered("com.apple.configuration.legacy.interactive", {
    profile: "com.example.wifi",
    VisibleName: "Wi-Fi",
  });

  expect(legacy.json.Payload).toEqual({
    VisibleName: "Wi-Fi",
    ProfileURL: "https://mdm.example.com/mdm/data/00008101-1%2F2/beef",
  });
  expect(legacy.files).toEqual(["beef"]);
});

test.each([
  ["a variable", ...echo("{{device.name}} {{attribute.room}}"), ["attribute.room", "device.name"]],
  ["the data of an asset", "com.apple.asset.data", {}, ["data"]],
  ["a profile", "com.apple.configuration.legacy", { profile: "a" }, ["profile:a"]],
  ["what a profile needs", "com.apple.configuration.legacy", { profile: "com.example.vpn" }, ["user.id"]],
])("without %s nothing is rendered, and what is missing is named", async (_what, type, payload, missing) => {
  const result = await renderDeclaration(declaration(type, payload), facts, place);

  expect(result).toEqual({ ok: false, refusal: { missing } });
});

const specs = await Promise.all((await idsOf("declarations")).map((type) => declarationSpec(type)));
const everyPayload = specs.flatMap((spec) =>
  spec && kindOfType(spec.id)
    ? [minimalPayload, maximalPayload].map((make) => ({
        spec,
        payload: JSON.parse(JSON.stringify(toJson(make(spec), shapeOf(spec)))) as Payload,
      }))
    : [],
);

test("the smallest and the largest payload of every type of the schema come out as they went in", async () => {
  for (const { spec, payload } of everyPayload) {
    const { json } = await rendered(spec.id, payload);

    expect(json, spec.id).toMatchObject({ Type: spec.id, Payload: payload });
    expect(await checkDeclaration(spec.id, json.Payload), spec.id).toEqual([]);
  }
  expect(everyPayload.length).toBe(108);
});

test("every key of the schema that names an asset is read as a reference to one", async () => {
  const named = new Set<string>();
  for (const { spec, payload } of everyPayload) {
    const text = JSON.stringify(payload);
    const expected = [...text.matchAll(/"(\w*AssetReferences?)":(?:"|\["?)/g)].length;
    const references = await referencesIn(spec.id, payload);
    const assets = references.filter(({ wants }) => wants.types !== undefined);
    for (const { pointer } of assets) named.add(`${spec.id}${pointer}`);

    expect(assets.length, `${spec.id} ${text}`).toBeGreaterThanOrEqual(expected);
  }
  expect(named.size).toBeGreaterThan(60);
});

test("two payloads differ exactly where one was changed", () => {
  for (const { spec, payload } of everyPayload) {
    const changed = structuredClone(payload) as { [key: string]: Json };
    const [key] = Object.keys(payload);
    if (key !== undefined) changed[key] = { other: true };

    expect(differencesBetween(payload, payload), spec.id).toEqual([]);
    expect(
      differencesBetween(payload, changed).every(({ pointer }) => pointer.startsWith(`/${key}`)),
      spec.id,
    ).toBe(true);
  }
});
