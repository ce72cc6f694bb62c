import { ok, type Result, refuse } from "../base/result.ts";
import { forbiddenIn } from "../plist/characters.ts";

/**
 * Variables in the text values of a property list or JSON, such as `{{device.serial_number}}`: filled in for each
 * channel. Keys, data and dates have none. A literal `{{` is written `{{{{`; a `{{` without a `}}` is literal.
 *
 * The surprise: an unknown name and an empty value both count as missing and stop the delivery. Half a Wi-Fi password is
 * worse for a device than waiting.
 */
export type VariableFacts = {
  device: { readonly [Name in DeviceVariable]?: string | null };
  /** The user of a user channel; absent on the device channel. */
  user?: { readonly [Name in UserVariable]?: string | null } | undefined;
  /** The person that the device belongs to, on every channel of it. */
  person?: { readonly [Name in PersonVariable]?: string | null } | undefined;
  /** The attributes set by administrators. */
  attributes: Readonly<Record<string, string>>;
};

export const deviceVariables = [
  "id",
  "udid",
  "serial_number",
  "name",
  "model",
  "model_name",
  "product_name",
  "platform",
  "os_version",
  "build",
  "imei",
  "meid",
  "shelf_url",
] as const;
/** Of the user of a user channel. */
export const userVariables = ["id", "short_name", "long_name"] as const;
/** Of the person that the device belongs to; they have the prefix `user`, too. */
export const personVariables = ["email", "name", "department", "account"] as const;

export type DeviceVariable = (typeof deviceVariables)[number];
export type UserVariable = (typeof userVariables)[number];
export type PersonVariable = (typeof personVariables)[number];

/** Whether any device could have a value for it. */
export function isVariable(name: string): boolean {
  const [group, rest] = split(name);
  if (group === "device") return (deviceVariables as readonly string[]).includes(rest);
  if (group === "user") return isUserVariable(rest) || isPersonVariable(rest);
  return group === "attribute" && rest !== "";
}

const isUserVariable = (name: string): boolean => (userVariables as readonly string[]).includes(name);
const isPersonVariable = (name: string): boolean => (personVariables as readonly string[]).includes(name);

/** The names in a tree, each once, sorted. */
export function variablesIn(tree: unknown): string[] {
  const names = new Set<string>();
  eachText(tree, (text) => {
    for (const [, name] of text.matchAll(placeholder)) if (name !== undefined) names.add(name.trim());
    return text;
  });
  return [...names].sort();
}

/** The tree with every variable filled in, or all missing ones. A part without variables is the same value. */
export function fillVariables<Tree>(tree: Tree, facts: VariableFacts): Result<Tree, { missing: string[] }> {
  const missing = new Set<string>();
  const filled = eachText(tree, (text) =>
    text.replace(placeholder, (_, between: string | undefined) => {
      if (between === undefined) return "{{";
      const name = between.trim();
      const value = factNamed(name, facts);
      // A device may report a name that no property list can hold: it counts as missing.
      if (value && forbiddenIn(value) === undefined) return value;
      missing.add(name);
      return "";
    }),
  );
  return missing.size > 0 ? refuse({ missing: [...missing].sort() }) : ok(filled as Tree);
}

// Without a name, it means two literal braces. White space around a name is allowed.
const placeholder = /\{\{\{\{|\{\{([^{}\r\n]*)\}\}/g;

function factNamed(
  name: string,
  { device, user, person, attributes }: VariableFacts,
): string | null | undefined {
  const [group, rest] = split(name);
  if (!isVariable(name)) return undefined;
  if (group === "device") return device[rest as DeviceVariable];
  if (group === "user")
    return isPersonVariable(rest) ? person?.[rest as PersonVariable] : user?.[rest as UserVariable];
  return Object.hasOwn(attributes, rest) ? attributes[rest] : undefined;
}

function split(name: string): [group: string, rest: string] {
  const dot = name.indexOf(".");
  return dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1)];
}

/** Copies only the path to each changed text; everything else is shared. */
function eachText(tree: unknown, change: (text: string) => string): unknown {
  if (typeof tree === "string") return tree.includes("{{") ? change(tree) : tree;
  if (Array.isArray(tree)) return shared(tree, tree.entries(), change, (entries) => [...entries.values()]);
  if (tree instanceof Map) return shared(tree, tree, change, (entries) => entries);
  if (!isPlainObject(tree)) return tree;
  return shared(tree, Object.entries(tree), change, (entries) => Object.fromEntries(entries));
}

function shared(
  whole: unknown,
  entries: Iterable<[unknown, unknown]>,
  change: (text: string) => string,
  rebuild: (entries: Map<never, unknown>) => unknown,
): unknown {
  let differs = false;
  const changed = new Map<unknown, unknown>();
  for (const [key, value] of entries) {
    const next = eachText(value, change);
    differs ||= next !== value;
    changed.set(key, next);
  }
  return differs ? rebuild(changed as Map<never, unknown>) : whole;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
