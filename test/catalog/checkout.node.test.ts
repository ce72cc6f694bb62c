// With a checkout at hand (CATALOG_CHECKOUT=/path/to/device-management): is the committed data what it says? Asked
// twice, once of the generator, and once by a reading of the YAML that shares nothing with the generator's.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { buildCatalogue } from "../../scripts/catalog/catalogue.ts";
import { readCheckout } from "../../scripts/catalog/checkout.ts";
import { corrections } from "../../scripts/catalog/corrections.ts";
import type { RawKey, RawOs } from "../../scripts/catalog/raw.ts";
import { readPacked, renderData } from "../../scripts/catalog/render.ts";
import { factsFor } from "../../src/catalog/facts.ts";
import { entriesOf, specsOf } from "../../src/catalog/library.ts";
import { type KeySpec, kinds, type OsFacts, type Spec, type ValueSpec } from "../../src/catalog/spec.ts";

const path = process.env.CATALOG_CHECKOUT ?? "";
const data = resolve(import.meta.dirname, "../../src/catalog/data");

describe.runIf(path !== "")("the committed data", () => {
  test("is what the generator makes of the checkout", () => {
    const catalogue = buildCatalogue(readCheckout(path));

    expect(catalogue.unread).toEqual([]);
    for (const [name, text] of renderData(catalogue, readCheckout(path).licence)) {
      const committed = readFileSync(join(data, name), "utf8");
      // The compressed bytes may differ between processors; what they say may not.
      if (readPacked(text).length > 0) expect(readPacked(committed), name).toEqual(readPacked(text));
      else expect(committed, name).toBe(text);
    }
  });

  test("differs from the YAML, key by key and platform by platform, only where it is corrected", async () => {
    const specs = new Map<string, Spec>();
    for (const kind of kinds)
      for (const { id } of await entriesOf(kind))
        for (const spec of await specsOf(kind, id)) specs.set(spec.file, spec);
    const places = new Set<string>();
    for (const { path: file, raw } of readCheckout(path).files) {
      const entry = raw.payload.supportedOS ?? {};
      for (const [list, keys] of [
        [raw.payloadkeys, specs.get(file)?.keys],
        [raw.responsekeys, specs.get(file)?.response],
      ] as const)
        for (const key of list ?? [])
          for (const place of differences(key, named(keys, key.key), { entry, spec: specs.get(file) }))
            places.add(`${file}: ${place}`);
    }

    const corrected = new Set(corrections.map(({ file, at }) => `${file}: ${at.join(" > ")}`));
    corrected.add("mdm/profiles/TopLevel: ConsentText > ConsentTextItem"); // the level that a correction takes out
    expect([...places].filter((place) => !corrected.has(place))).toEqual([]);
  });
});

const named = (keys: readonly KeySpec[] | undefined, name: string): KeySpec | undefined =>
  keys?.find((key) => key.name === name);

const attributes = [
  "default",
  "rangelist",
  "range",
  "format",
  "combinetype",
  "assettypes",
  "asset-content-types",
  "subtype",
  "valuetype",
] as const;

type File = { entry: RawOs; spec: Spec | undefined };

/** The places, from this key down, where the catalogue says something else than the YAML. */
function differences(raw: RawKey, value: ValueSpec | undefined, file: File, above: RawKey[] = []): string[] {
  const here = [...above, raw];
  const place = here.map(({ key }) => key).join(" > ");
  if (!value) return [place];
  const isElement = above.at(-1)?.type === "<array>" && above.at(-1)?.subkeys?.length === 1;
  const { required, wildcard } = value as KeySpec;
  const elementCount = raw.type === "<array>" ? raw.subkeys?.[0]?.repetition : undefined;
  const isSame =
    raw.type === `<${value.type}>` &&
    attributes.every((name) => isDeepStrictEqual(raw[name], value[name])) &&
    isDeepStrictEqual(elementCount, value.repetition) &&
    !value.oneOrMany &&
    (isElement || (raw.presence === "required") === (required === true)) &&
    (isElement || /^ANY( |$)/.test(raw.key) === (wildcard === true)) &&
    Object.keys(file.entry).every((os) => isSamePlatform(os, raw, value, file)) &&
    (raw.type !== "<dictionary>" || (raw.subkeys?.length ?? 0) === (value.keys?.length ?? 0));
  return [...(isSame ? [] : [place]), ...differencesInside(raw, value, file, here)];
}

function differencesInside(raw: RawKey, value: ValueSpec, file: File, here: RawKey[]): string[] {
  const { subkeys = [] } = raw;
  if (here.slice(0, -1).some((container) => container.subkeys === raw.subkeys && raw.subkeys)) return [];
  const inside = (key: RawKey, part: ValueSpec | undefined) => differences(key, part, file, here);
  if (raw.type === "<dictionary>") return subkeys.flatMap((key) => inside(key, named(value.keys, key.key)));
  if (raw.type === "<array>" && subkeys.length === 1)
    return subkeys.flatMap((key) => inside(key, value.items));
  if (raw.type === "<array>")
    return subkeys.flatMap((key) => inside(key, named(value.items?.alternatives?.of, key.key)));
  const choices = value.choices?.map((choice) => choice.value) ?? [];
  return subkeys.filter(({ key }) => !choices.includes(key)).map(({ key }) => key);
}

function isSamePlatform(os: string, raw: RawKey, value: ValueSpec, { entry, spec }: File): boolean {
  const platform = os.toLowerCase() as "ios";
  const [whole = {}, own] = [entry[os], raw.supportedOS?.[os]];
  const wanted: Record<string, unknown> = { ...whole, ...own };
  for (const nested of ["sharedipad", "userenrollment"])
    if (whole[nested] && own?.[nested]) wanted[nested] = { ...whole[nested], ...own[nested] };
  const found = factsFor(spec?.os ?? {}, value.os, platform);
  if (whole.introduced === "n/a" || wanted.introduced === "n/a") return found === null;
  return isDeepStrictEqual(demanding(wanted), demanding(found ?? {}));
}

/** A demand that is false is none. */
const demanding = (facts: OsFacts): OsFacts =>
  Object.fromEntries(
    Object.entries(facts).filter(
      ([name, value]) => value !== false || !["supervised", "requiresdep", "userapprovedmdm"].includes(name),
    ),
  );
