// A key object of the YAML -> its packed form. Names, types and limits; titles and descriptions stay behind.
import type { PackedKey, PackedValue } from "../../src/catalog/packed.ts";
import type { ValueType } from "../../src/catalog/spec.ts";
import type { RawKey } from "./raw.ts";
import type { OsTables } from "./supported-os.ts";
import type { Unread } from "./unread.ts";

/** Written as they are. */
const facts = [
  "default",
  "rangelist",
  "range",
  "combinetype",
  "assettypes",
  "asset-content-types",
  "subtype",
  "valuetype",
  "oneOrMany", // ours, by a correction
] as const;
const structure = ["key", "type", "presence", "format", "repetition", "supportedOS", "subkeys", "wildcard"];
const prose = ["title", "content", "description", "subkeytype", "notes", "examples"];
const types = ["string", "integer", "real", "boolean", "data", "date", "array", "dictionary", "any"];

export type Reading = {
  tables: OsTables;
  unread: Unread;
};

export function packKeys(raw: readonly RawKey[], reading: Reading, where: string): PackedKey[] {
  return raw.map((key) => packKey(key, reading, where, []));
}

/** `above` are the containers on the way here, nearest first. */
function packKey(raw: RawKey, reading: Reading, where: string, above: readonly RawKey[]): PackedKey {
  const name = String(raw.key);
  return {
    name,
    ...(raw.presence === "required" && { required: true }),
    ...((raw.wildcard || name === "ANY" || name.startsWith("ANY ")) && { wildcard: true }),
    ...packValue(raw, reading, `${where} ${name}`, above),
  };
}

function packValue(raw: RawKey, reading: Reading, where: string, above: readonly RawKey[]): PackedValue {
  const type = readType(raw, where);
  for (const name of Object.keys(raw))
    if (!structure.includes(name) && !prose.includes(name) && !facts.includes(name as "default"))
      reading.unread.note(`key ${name}`);
  const os = reading.tables.place(raw.supportedOS, "key", where);
  return {
    type,
    ...Object.fromEntries(facts.filter((name) => raw[name] !== undefined).map((name) => [name, raw[name]])),
    ...readFormat(raw, reading, where),
    ...(os !== undefined && { os }),
    ...packInside(raw, type, reading, where, above),
  };
}

function packInside(
  raw: RawKey,
  type: ValueType,
  reading: Reading,
  where: string,
  above: readonly RawKey[],
): Partial<PackedValue> {
  const subkeys = raw.subkeys;
  if (!subkeys || subkeys.length === 0) return {};
  const stepsUp = above.findIndex((container) => container.subkeys === subkeys) + 1;
  const inside = [raw, ...above];
  if (type === "dictionary")
    return { keys: stepsUp || subkeys.map((key) => packKey(key, reading, where, inside)) };
  if (type === "array" && subkeys.length === 1 && subkeys[0]) {
    // The schema says at the placeholder how often it is repeated: a fact of the array around it.
    const [{ repetition }] = subkeys as [RawKey];
    return {
      ...(repetition !== undefined && { repetition }),
      items: stepsUp || packValue(subkeys[0], reading, where, inside),
    };
  }
  if (type === "array") {
    const of = subkeys.map((key) => packKey(key, reading, where, inside));
    return { items: { type: "dictionary", alternatives: { tag: tagOf(of, where), of } } };
  }
  return {
    choices: subkeys.map((key) => {
      const os = reading.tables.place(key.supportedOS, "key", `${where} ${key.key}`);
      return os === undefined ? [key.key] : [key.key, os];
    }),
  };
}

/** The key that every alternative has and whose one value is the alternative's name. */
function tagOf(alternatives: readonly PackedKey[], where: string): string {
  const isTag = (alternative: PackedKey, tag: string) =>
    Array.isArray(alternative.keys) &&
    alternative.keys.some(
      (key) => key.name === tag && key.rangelist?.length === 1 && key.rangelist[0] === alternative.name,
    );
  const candidates = Array.isArray(alternatives[0]?.keys) ? alternatives[0].keys : [];
  const tag = candidates.find(({ name }) => alternatives.every((alternative) => isTag(alternative, name)));
  if (!tag) throw new Error(`${where}: nothing tells its ${alternatives.length} alternatives apart`);
  return tag.name;
}

function readType(raw: RawKey, where: string): ValueType {
  const type = String(raw.type).replace(/^<(.*)>$/, "$1");
  if (!types.includes(type)) throw new Error(`${where}: type ${raw.type} is not known`);
  return type as ValueType;
}

function readFormat(raw: RawKey, reading: Reading, where: string): { format?: string } {
  if (raw.format === undefined) return {};
  const format = String(raw.format);
  if (!format.startsWith("^")) {
    reading.unread.note(`format that is a sentence: ${where}`);
    return {};
  }
  new RegExp(format, "u");
  return { format };
}
