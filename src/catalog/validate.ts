/**
 * A value against an entry of the catalogue: every problem at once, in the order of the value. Errors are what no
 * device takes; warnings what this device may not take, or what the catalogue does not know (yet).
 * Rules that stand only in Apple's prose (one of two keys, a key that needs another) are not in the schema; those of
 * commands are in `prose-rules.ts`.
 * The work is bounded: by depth, by the number of values, by the number of findings.
 */
import { isDemanded, notOnPlatform, type Obstacle, obstacles, platformOf } from "./availability.ts";
import { breachesOf } from "./constraints.ts";
import type { Context } from "./context.ts";
import { factsFor } from "./facts.ts";
import { type Finding, Findings, pointerTo } from "./finding.ts";
import { nearMiss } from "./near-miss.ts";
import type { KeySpec, OsTable, Platform, Spec, ValueSpec } from "./spec.ts";
import { tagOf } from "./tagged.ts";
import { brokenText, type Form, isOfType, memberOf, membersOf, typeOf, untag } from "./value-type.ts";
import { pickVariant } from "./variants.ts";

export type ValidateOptions = {
  /** How the value came; JSON writes data as base64 and dates as ISO 8601 (see `tagged.ts`). */
  form?: Form;
  part?: "request" | "response";
  /** Where the value stands in what the caller was given. */
  pointer?: string;
  /** Members that belong to the envelope, not to the entry. */
  envelope?: readonly string[];
};

const deepest = 64;
const mostValues = 100_000;

type Walk = {
  findings: Findings;
  context: Context;
  platform: Platform | undefined;
  entry: OsTable;
  form: Form;
  values: number;
  /** False below something that does not exist on the platform: one finding says it all. */
  asksAvailability: boolean;
};

export function validate(
  value: unknown,
  entry: Spec,
  context: Context = {},
  options: ValidateOptions = {},
): Finding[] {
  const { part = "request", pointer = "", envelope = [] } = options;
  const walk = startWalk(entry, context, options);
  const spec = typeOf(value) === "dictionary" ? pickVariant(entry, (name) => memberOf(value, name)) : entry;
  const keys = part === "request" ? spec.keys : (spec.response ?? []);
  const known = envelope.map((name): KeySpec => ({ name, type: "any" }));
  checkEntry(pointer, walk);
  checkValue(value, { type: "dictionary", keys: [...keys, ...known] }, pointer, walk, 0);
  return walk.findings.list;
}

const startWalk = (entry: Spec, context: Context, { form = "plist" }: ValidateOptions): Walk => ({
  findings: new Findings(),
  context,
  platform: platformOf(context),
  entry: entry.os,
  form,
  values: 0,
  asksAvailability: true,
});

/** What the whole entry demands of the device. Without the access right a command is refused, so that is an error here. */
function checkEntry(pointer: string, walk: Walk): void {
  const { platform, entry, context } = walk;
  const facts = platform && entry[platform];
  if (!platform || facts === undefined) return;
  walk.asksAvailability = facts !== null;
  for (const { code, detail } of facts
    ? obstacles(facts, facts, context, platform)
    : [notOnPlatform(platform)])
    walk.findings.add(pointer, code === "needs-access-right" ? "forbidden-by-access-rights" : code, detail);
}

function checkValue(raw: unknown, spec: ValueSpec, pointer: string, walk: Walk, depth: number): void {
  if (!mayGoOn(pointer, walk, depth)) return;
  const value = untag(raw, walk.form);
  const tag = walk.form === "json" && value === raw ? tagOf(raw) : undefined;
  if (tag) {
    walk.findings.add(pointer, "bad-format", `${tag} holds something else than its name says`);
    return;
  }
  if (spec.oneOrMany && Array.isArray(value)) {
    const { oneOrMany, ...one } = spec;
    for (const [at, element] of value.entries())
      checkValue(element, one, pointerTo(pointer, at), walk, depth + 1);
    return;
  }
  const found = typeOf(value);
  if (!isOfType(found, spec.type, walk.form)) {
    walk.findings.add(
      pointer,
      "wrong-type",
      `found ${found}; allowed: ${spec.type === "any" ? "any value" : spec.type}`,
    );
    return;
  }
  const broken = typeof value === "string" ? brokenText(value, spec.type) : undefined;
  if (broken) walk.findings.add(pointer, "bad-format", broken);
  for (const { code, detail, suggestion } of breachesOf(value, spec))
    walk.findings.add(pointer, code, detail, suggestion);
  const choice = spec.choices?.find((candidate) => candidate.value === value);
  if (choice?.os) checkAvailability(choice.os, pointer, walk);

  if (Array.isArray(value)) checkElements(value, spec.items, pointer, walk, depth);
  else if (found === "dictionary") checkDictionary(value, spec, pointer, walk, depth);
}

function checkElements(
  elements: readonly unknown[],
  spec: ValueSpec = { type: "any" },
  pointer: string,
  walk: Walk,
  depth: number,
): void {
  for (const [at, element] of elements.entries()) {
    if (walk.findings.isFull) return;
    checkValue(element, spec, pointerTo(pointer, at), walk, depth + 1);
  }
}

function checkDictionary(dict: unknown, spec: ValueSpec, pointer: string, walk: Walk, depth: number): void {
  if (spec.alternatives) checkAlternative(dict, spec.alternatives, pointer, walk, depth);
  else if (spec.keys) checkMembers(dict, spec.keys, pointer, walk, depth);
  else
    for (const [name, value] of membersOf(dict))
      checkValue(value, { type: "any" }, pointerTo(pointer, name), walk, depth + 1);
}

function checkAlternative(
  dict: unknown,
  { tag, of }: NonNullable<ValueSpec["alternatives"]>,
  pointer: string,
  walk: Walk,
  depth: number,
): void {
  const names = of.map(({ name }) => name);
  const chosen = of.find(({ name }) => name === memberOf(dict, tag));
  if (chosen) {
    under(chosen.os, pointer, walk, () => checkMembers(dict, chosen.keys ?? [], pointer, walk, depth));
    return;
  }
  const required = memberOf(dict, tag) !== undefined;
  const allowed = { type: "string", rangelist: names } as const;
  if (required) checkValue(memberOf(dict, tag), allowed, pointerTo(pointer, tag), walk, depth + 1);
  else
    walk.findings.add(
      pointerTo(pointer, tag),
      "missing-key",
      `${tag} is missing; allowed: ${names.join(", ")}`,
    );
}

function checkMembers(
  dict: unknown,
  keys: readonly KeySpec[],
  pointer: string,
  walk: Walk,
  depth: number,
): void {
  const named = new Map(keys.filter(({ wildcard }) => !wildcard).map((key) => [key.name, key]));
  const anyName = keys.find(({ wildcard }) => wildcard);
  for (const [name, value] of membersOf(dict)) {
    if (walk.findings.isFull) return;
    const key = named.get(name) ?? anyName;
    const place = pointerTo(pointer, name);
    if (key) under(key.os, place, walk, () => checkValue(value, key, place, walk, depth + 1));
    else {
      walk.findings.add(
        place,
        "unknown-key",
        "the catalogue does not know this key",
        nearMiss(name, named.keys()),
      );
      checkValue(value, { type: "any" }, place, walk, depth + 1);
    }
  }
  for (const { name, required, type, os } of named.values())
    if (required && memberOf(dict, name) === undefined && isDemanded(walk.entry, os, walk.context))
      walk.findings.add(
        pointerTo(pointer, name),
        "missing-key",
        `${name} is missing; it takes ${article(type)} ${type}`,
      );
}

/** Looks at what stands under this key, quietly where the key itself does not exist on the platform. */
function under(os: OsTable | undefined, pointer: string, walk: Walk, look: () => void): void {
  const asked = walk.asksAvailability;
  walk.asksAvailability = checkAvailability(os, pointer, walk);
  look();
  walk.asksAvailability = asked;
}

function checkAvailability(os: OsTable | undefined, pointer: string, walk: Walk): boolean {
  const { platform, context, entry, findings } = walk;
  if (!walk.asksAvailability || !platform || os?.[platform] === undefined) return walk.asksAvailability;
  const [facts, said] = [factsFor(entry, os, platform), os[platform]];
  const found: Obstacle[] =
    facts && said ? obstacles(facts, said, context, platform) : [notOnPlatform(platform)];
  for (const { code, detail } of found) findings.add(pointer, code, detail);
  return facts !== null;
}

function mayGoOn(pointer: string, walk: Walk, depth: number): boolean {
  walk.values += 1;
  if (depth > deepest) walk.findings.add(pointer, "too-deep", `nested deeper than ${deepest}`);
  if (walk.values === mostValues) walk.findings.add(pointer, "too-large", `more than ${mostValues} values`);
  return depth <= deepest && walk.values < mostValues && !walk.findings.isFull;
}

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? "an" : "a");
