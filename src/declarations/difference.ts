import { pointerTo } from "../catalog/finding.ts";
import { canonicalJson, type Json } from "./canonical-json.ts";

/** One place where two contents differ. `from` is absent where something was added, `to` where it was removed. */
export type Difference = {
  /** RFC 6901 */
  pointer: string;
  from?: Json;
  to?: Json;
};

/** Dictionaries are compared key by key, arrays place by place, everything else whole. */
export function differencesBetween(from: Json | undefined, to: Json | undefined, pointer = ""): Difference[] {
  if (isTree(from) && isTree(to) && Array.isArray(from) === Array.isArray(to)) {
    const names = new Set([...Object.keys(from), ...Object.keys(to)]);
    return [...names].flatMap((name) =>
      differencesBetween(memberOf(from, name), memberOf(to, name), pointerTo(pointer, name)),
    );
  }
  if (from === to || (from !== undefined && to !== undefined && canonicalJson(from) === canonicalJson(to)))
    return [];
  return [{ pointer, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
}

type Tree = Json[] | { [key: string]: Json };

const isTree = (value: Json | undefined): value is Tree => value !== null && typeof value === "object";

const memberOf = (tree: Tree, name: string): Json | undefined =>
  Object.hasOwn(tree, name) ? (tree as { [key: string]: Json })[name] : undefined;
