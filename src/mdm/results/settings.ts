// A Settings command is acknowledged as a whole although single items may have failed.
import type { PlistDict, PlistValue } from "../../plist/value.ts";
import type { ResultReader } from "./result-facts.ts";

/** One entry for each item, in the same order; some systems answer one dictionary instead of a list. */
export const failedSettings: ResultReader = ({ command, result }) => {
  const said = result.get("Settings");
  const entries = Array.isArray(said) ? said : said === undefined ? [] : [said];
  const asked = command.get("Settings");
  const items = Array.isArray(asked) ? asked : [];
  const failures = entries.flatMap((entry, at) =>
    entry instanceof Map && entry.get("Status") !== "Acknowledged"
      ? [{ part: nameOf(items[at], entry), error: errorOf(entry) }]
      : [],
  );
  return failures.length > 0 ? { failures } : undefined;
};

function nameOf(item: PlistValue | undefined, entry: PlistDict): string {
  const name = item instanceof Map ? item.get("Item") : entry.get("Item");
  const identifier = entry.get("Identifier");
  const parts = [name, identifier].filter((part) => typeof part === "string");
  return parts.join(" ").slice(0, 200) || "unnamed item";
}

function errorOf(entry: PlistDict): string {
  const chain = entry.get("ErrorChain");
  const first = Array.isArray(chain) ? chain[0] : undefined;
  const text =
    first instanceof Map
      ? (first.get("USEnglishDescription") ?? first.get("LocalizedDescription"))
      : undefined;
  return typeof text === "string" ? text.slice(0, 500) : String(entry.get("Status")).slice(0, 100);
}
