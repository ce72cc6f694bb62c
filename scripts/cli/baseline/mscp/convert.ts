// Rules become profiles and declarations: one for each type, with the keys of all rules that set some. Every rule is either
// covered, with its places, or listed with the reason why not.
import type { Context } from "../../../../src/catalog/context.ts";
import type { Content, Covered, Declaration, NotCovered, Place, Profile } from "../content.ts";
import { merge, pathsOf } from "../merge.ts";
import { declarationObstacle, payloadObstacle } from "./obstacles.ts";
import { asSent, byDomain } from "./preferences.ts";
import { type Baseline, type Keys, type PayloadPart, type Rule, versionOf } from "./rule.ts";
import { chosenValue, filled, usesValue } from "./values.ts";

export type Conversion = {
  baseline: Baseline;
  rules: ReadonlyMap<string, Rule>;
  /** The organization's values, by rule. */
  own: ReadonlyMap<string, string>;
  /** Begins every identifier. */
  prefix: string;
};

/** What rules have put together so far, by the type of a payload or declaration. */
type Bundle = Map<string, { kind: "profile" | "declaration"; type: string; keys: Record<string, unknown> }>;

export async function convert(conversion: Conversion): Promise<Content> {
  const bundle: Bundle = new Map();
  const covered: Covered[] = [];
  const notCovered: NotCovered[] = [];
  for (const id of conversion.baseline.rules) {
    const rule = conversion.rules.get(id);
    const title = rule?.title ?? id;
    const outcome = rule ? await convertRule(rule, conversion, bundle) : "the checkout has no such rule";
    if (typeof outcome === "string") notCovered.push({ rule: id, title, reason: outcome });
    else covered.push({ ...outcome, rule: id });
  }
  return { ...contentOf(bundle, conversion), covered, notCovered };
}

async function convertRule(
  rule: Rule,
  { baseline, own, prefix }: Conversion,
  bundle: Bundle,
): Promise<Omit<Covered, "rule"> | string> {
  const version = versionOf(rule, baseline.system, baseline.version);
  if (version === undefined) return `it is not for ${baseline.system} ${baseline.version}`;
  const value = chosenValue(rule, baseline.values, own);
  const parts = [rule.declaration, version.payloads ?? rule.payloads];
  const open = usesValue(parts) || usesValue(rule.title);
  if (usesValue(parts) && value === undefined)
    return "its value is the organization's: give one with --value";
  const context: Context = {
    platform: platformOf(baseline.system),
    osVersion: baseline.version,
    ...(version.supervised && { supervised: true }),
  };
  const wanted = await wantedBy(rule, version.payloads ?? rule.payloads, value, context);
  if (typeof wanted === "string") return wanted;

  const trial = wanted.map((part) => ({ ...part, at: placeOf(part, version.supervised) }));
  const clash = trial.flatMap(({ at, type, keys }) =>
    merge(structuredClone(bundle.get(at)?.keys ?? {}), keys).map((key) => `${key} of ${type}`),
  );
  if (clash.length > 0) return `another rule before it wants another value of ${clash.join(", ")}`;
  for (const { at, kind, type, keys } of trial) {
    const there = bundle.get(at) ?? { kind, type, keys: {} };
    merge(there.keys, keys);
    bundle.set(at, there);
  }
  const places = trial.map(({ at, kind, type, keys }): Place => {
    const identifier = `${prefix}.${at}`;
    return kind === "profile"
      ? { profile: identifier, keys: pathsOf(asSent({ type, keys }).keys) }
      : { declaration: identifier, keys: pathsOf(keys) };
  });
  const title = String(filled(rule.title, value ?? "…"));
  return { title, places, ...(open && value !== undefined && { value }) };
}

type Wanted = { kind: "profile" | "declaration"; type: string; keys: Record<string, unknown> };

/** A declaration where the system knows it, and then not its twin as a profile: two sources of one setting are none. */
async function wantedBy(
  rule: Rule,
  payloads: readonly PayloadPart[],
  value: unknown,
  context: Context,
): Promise<Wanted[] | string> {
  const reasons: string[] = [];
  if (rule.declaration && "type" in rule.declaration) {
    const { type, key, value: wanted } = rule.declaration;
    const payload = { [key]: filled(wanted, value) };
    const obstacle = await declarationObstacle(type, payload, context);
    if (typeof obstacle !== "string") return [{ kind: "declaration", type, keys: obstacle }];
    reasons.push(obstacle);
  }
  if (payloads.length > 0) {
    const filledParts = payloads.map(({ type, keys }) =>
      byDomain({ type, keys: filled(keys, value) as Keys }),
    );
    const obstacles = await Promise.all(filledParts.map((part) => payloadObstacle(asSent(part), context)));
    const obstacle = obstacles.find((one) => one !== undefined);
    if (obstacle === undefined)
      return filledParts.map(({ type, keys }) => ({ kind: "profile", type, keys: { ...keys } }));
    reasons.push(obstacle);
  }
  if (rule.declaration && "service" in rule.declaration)
    reasons.push(
      `it is a part of a configuration file of ${rule.declaration.service}, which would replace the whole file`,
    );
  return reasons[0] ?? whyNone(rule);
}

function whyNone({ tags, hasScript }: Rule): string {
  if (tags.includes("inherent")) return "the system is like that by itself";
  if (tags.includes("permanent")) return "the system cannot be set so";
  if (tags.includes("n_a")) return "it does not apply to this system";
  if (tags.includes("supplemental")) return "it is a text that explains others";
  if (tags.includes("manual")) return "a person has to do it";
  return hasScript ? "it needs a script on the device" : "it can only be checked, by a script on the device";
}

function contentOf(
  bundle: Bundle,
  { prefix, baseline }: Conversion,
): Pick<Content, "profiles" | "declarations"> {
  const profiles: Profile[] = [];
  const declarations: Declaration[] = [];
  for (const [at, { kind, type, keys }] of [...bundle].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const identifier = `${prefix}.${at}`;
    if (kind === "declaration") declarations.push({ identifier, type, payload: keys });
    else profiles.push({ identifier, name: `${baseline.name}: ${at}`, ...asSent({ type, keys }) });
  }
  return { profiles, declarations };
}

/** Identifiers of declarations have 64 bytes. What only supervised devices obey goes to them alone, as a profile of its own. */
function placeOf({ kind, type }: Wanted, supervised: boolean): string {
  const short = type.replace(/^com\.apple\.(configuration\.)?/, "");
  return kind === "profile" && supervised ? `${short}${supervisedEnd}` : short;
}

export const supervisedEnd = ".supervised";

const platformOf = (system: string): NonNullable<Context["platform"]> =>
  system.toLowerCase() as NonNullable<Context["platform"]>;
