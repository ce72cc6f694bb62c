// What a run changes, entry by entry: the data itself is compressed, so its diff says nothing to a reader.
import type { Shared } from "../../src/catalog/packed.ts";
import { readPacked } from "./render.ts";

export type Changes = {
  added: string[];
  gone: string[];
  changed: string[];
};

/** Of one kind's file, before and after; what a table's place number means is looked up, so renumbering is no change. */
export function changesBetween(before: string, after: string): Changes {
  const [old, now] = [entriesOf(before), entriesOf(after)];
  return {
    added: [...now.keys()].filter((file) => !old.has(file)),
    gone: [...old.keys()].filter((file) => !now.has(file)),
    changed: [...now].filter(([file, text]) => old.has(file) && old.get(file) !== text).map(([file]) => file),
  };
}

function entriesOf(file: string): Map<string, string> {
  const [first, ...lines] = readPacked(file);
  if (!first) return new Map();
  const shared = JSON.parse(first) as Shared;
  const spelled = (place: number) =>
    Object.entries(shared.tables[place] ?? {})
      .map(
        ([platform, facts]) => `${platform} ${facts === null ? "n/a" : JSON.stringify(shared.facts[facts])}`,
      )
      .join(" ");
  return new Map(
    shared.index.map(([name, id, os], at) => [
      name,
      `${id} ${spelled(os)} ${lines[at]?.replace(/"os":(\d+)/g, (_, place) => spelled(Number(place)))}`,
    ]),
  );
}
