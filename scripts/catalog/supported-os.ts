// `supportedOS` -> facts, each distinct set of facts and each distinct table of platforms kept once.
import type { PackedTable } from "../../src/catalog/packed.ts";
import type { OsFacts, Platform } from "../../src/catalog/spec.ts";
import type { RawOs } from "./raw.ts";
import type { Unread } from "./unread.ts";

const platformOf: Record<string, Platform> = {
  iOS: "ios",
  macOS: "macos",
  tvOS: "tvos",
  visionOS: "visionos",
  watchOS: "watchos",
};

const attributes: readonly (keyof OsFacts)[] = [
  "introduced",
  "deprecated",
  "removed",
  "accessrights",
  "multiple",
  "devicechannel",
  "userchannel",
  "supervised",
  "requiresdep",
  "userapprovedmdm",
  "allowmanualinstall",
  "always-skippable",
  "allowed-enrollments",
  "allowed-scopes",
  "sharedipad",
  "userenrollment",
];
const versions: readonly string[] = ["introduced", "deprecated", "removed"];
/** Absent means false, but only for a whole entry: a key's `false` lifts what its entry demands. */
const demands: readonly string[] = ["supervised", "requiresdep", "userapprovedmdm"];

export class OsTables {
  readonly facts: OsFacts[] = [];
  readonly tables: PackedTable[] = [];
  readonly #places = new Map<string, number>();
  readonly #unread: Unread;

  constructor(unread: Unread) {
    this.#unread = unread;
  }

  /** The place of this table, or undefined for one that says nothing. */
  place(raw: RawOs | undefined, level: "entry" | "key", where: string): number | undefined {
    const table: PackedTable = {};
    for (const [name, attributes] of Object.entries(raw ?? {})) {
      const platform = platformOf[name];
      if (!platform) {
        this.#unread.note(`supportedOS.${name}`);
        continue;
      }
      const facts = this.#read(attributes ?? {}, level, `${where} ${name}`);
      if (facts === null) table[platform] = null;
      else if (level === "entry" || Object.keys(facts).length > 0)
        table[platform] = this.#intern(this.facts, facts);
    }
    return Object.keys(table).length === 0 && level === "key" ? undefined : this.#intern(this.tables, table);
  }

  #read(raw: Record<string, unknown>, level: "entry" | "key", where: string): OsFacts | null {
    if (raw.introduced === "n/a") return null;
    for (const version of versions) {
      const value = raw[version];
      if (value === undefined) continue;
      // A number means that YAML read `10.10` as 10.1: nothing later could tell.
      if (typeof value !== "string" || !/^(all|\d+(\.\d+){0,3})$/.test(value))
        throw new Error(`${where}: ${version} is ${JSON.stringify(value)}, not a version text`);
    }
    for (const name of Object.keys(raw))
      if (!attributes.includes(name as keyof OsFacts)) this.#unread.note(`supportedOS.*.${name}`);
    return Object.fromEntries(
      attributes
        .filter((name) => raw[name] !== undefined)
        .filter((name) => !(level === "entry" && demands.includes(name) && raw[name] === false))
        .map((name) => [name, raw[name]]),
    );
  }

  #intern<Value>(list: Value[], value: Value): number {
    const key = `${list === (this.facts as unknown) ? "facts" : "table"} ${JSON.stringify(value)}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, list.push(value) - 1);
    return list.length - 1;
  }
}
