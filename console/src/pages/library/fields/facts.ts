// What the schema says of a key beside its type, in a line: range, default, systems.
import { number } from "../../../words/forms.ts";
import { words } from "../../../words/words.ts";
import type { KeySpec, OsTable, Spec } from "./spec.ts";

const names: Readonly<Record<string, string>> = {
  ios: "iOS",
  macos: "macOS",
  tvos: "tvOS",
  visionos: "visionOS",
  watchos: "watchOS",
};

/** "iOS 14.0, macOS 12.3 until 14": where it works and since when. */
export function systemsOf(table: OsTable): string {
  const said = words("payloads");
  return Object.entries(table)
    .filter(([, facts]) => facts !== null && facts.removed !== "0")
    .map(([platform, facts]) => {
      const name = names[platform] ?? platform;
      const { introduced, removed } = facts ?? {};
      const since = introduced === undefined ? name : `${name} ${introduced}`;
      return removed === undefined ? since : said.until(since, removed);
    })
    .join(", ");
}

/** A key says of platforms only what differs from its payload: what it has, and what it lacks. */
function differences(table: OsTable): string[] {
  const said = words("payloads");
  const lacking = Object.entries(table)
    .filter(([, facts]) => facts === null || facts.removed === "0")
    .map(([platform]) => names[platform] ?? platform);
  const since = systemsOf(
    Object.fromEntries(
      Object.entries(table).filter(
        ([, facts]) => facts?.introduced !== undefined || facts?.removed !== undefined,
      ),
    ),
  );
  const old = Object.values(table).some((facts) => facts?.deprecated !== undefined);
  const supervised = Object.entries(table)
    .filter(([, facts]) => facts?.supervised === true)
    .map(([platform]) => names[platform] ?? platform);
  return [
    ...(since === "" ? [] : [said.since(since)]),
    ...(lacking.length === 0 ? [] : [said.notOn(lacking.join(", "))]),
    ...(supervised.length === 0 ? [] : [said.supervised(supervised.join(", "))]),
    ...(old ? [said.deprecated] : []),
  ];
}

function limits({ range, repetition, type }: Spec): string[] {
  const said = words("payloads");
  const [bounds, how] = type === "array" ? [repetition, said.entries] : [range, said.between];
  if (bounds === undefined) return [];
  const { min, max } = bounds;
  if (min !== undefined && max !== undefined) return [how(number(min), number(max))];
  if (min !== undefined) return [said.atLeast(number(min))];
  return max === undefined ? [] : [said.atMost(number(max))];
}

export function factsOf(key: KeySpec): string {
  const said = words("payloads");
  const { say } = words("common");
  const unset =
    key.default === undefined || key.type === "boolean"
      ? []
      : [
          said.otherwise(
            typeof key.default === "boolean" ? (key.default ? say.on : say.off) : String(key.default),
          ),
        ];
  return [...limits(key), ...unset, ...differences(key.platforms ?? {})].join(" · ");
}
