// A rule and a baseline of the macOS Security Compliance Project 2.x, from their YAML files. Only what a server can use
// is read: what a script on the Mac does or checks stays out.
import { Trouble } from "../../../trouble.ts";
import { itemsOf, membersOf } from "../json.ts";

export type Keys = Readonly<Record<string, unknown>>;
export type PayloadPart = { type: string; keys: Keys };

export type DeclarationPart =
  | { type: string; key: string; value: unknown }
  /** A configuration file of a service, such as sshd's. */
  | { service: string };

export type Rule = {
  id: string;
  title: string;
  tags: readonly string[];
  /** By system, then by version: `macOS`, `26.0`. */
  platforms: ReadonlyMap<string, ReadonlyMap<string, Version>>;
  /** Organization-defined values, by benchmark. */
  values: Keys;
  hint: Hint;
  payloads: readonly PayloadPart[];
  declaration: DeclarationPart | undefined;
  hasScript: boolean;
};

export type Hint = {
  kind: string;
  description: string;
  min?: number;
  max?: number;
  pattern?: string;
  choices?: readonly string[];
};

type Version = {
  benchmarks: readonly string[];
  supervised: boolean;
  /** In place of the rule's own. */
  payloads: readonly PayloadPart[] | undefined;
};

export type Baseline = {
  /** The keyword: `cis_lvl1`. */
  name: string;
  /** Whose values it takes of rules that leave one open: mostly its own, or `recommended`. */
  values: string;
  title: string;
  system: string;
  version: string;
  rules: readonly string[];
};

export function ruleFrom(yaml: unknown, file: string): Rule {
  const rule = membersOf(yaml);
  if (typeof rule.id !== "string" || typeof rule.platforms !== "object")
    throw new Trouble(`${file} is no rule of mSCP 2.x: it has no id or no platforms`);
  const { hint, ...values } = membersOf(rule.odv);
  return {
    id: rule.id,
    title: String(rule.title ?? rule.id).trim(),
    tags: itemsOf(rule.tags).map(String),
    platforms: new Map(
      Object.entries(membersOf(rule.platforms)).map(([system, block]) => [system, versionsOf(block)]),
    ),
    values,
    hint: hintFrom(membersOf(hint)),
    payloads: payloadsFrom(rule.mobileconfig_info),
    declaration: declarationFrom(rule.ddm_info),
    hasScript: Object.values(membersOf(rule.platforms)).some(
      (block) => membersOf(membersOf(membersOf(block).enforcement_info).fix).shell !== undefined,
    ),
  };
}

function versionsOf(block: unknown): Map<string, Version> {
  return new Map(
    Object.entries(membersOf(block))
      .filter(([name]) => /^\d/.test(name))
      .map(([version, whole]) => {
        const { benchmarks, supervised, mobileconfig_info } = membersOf(whole);
        return [
          version,
          {
            benchmarks: itemsOf(benchmarks).map((one) => String(membersOf(one).name)),
            supervised: supervised === true,
            payloads: mobileconfig_info === undefined ? undefined : payloadsFrom(mobileconfig_info),
          },
        ];
      }),
  );
}

/** Their content is a list of dictionaries, mostly with one key each. A type that begins with a dot lacks `com.apple`. */
function payloadsFrom(info: unknown): PayloadPart[] {
  return itemsOf(info).map((one) => {
    const { PayloadType: type, PayloadContent: content } = membersOf(one);
    const parts = Array.isArray(content) ? content : [content];
    return {
      type: String(type).replace(/^\./, "com.apple."),
      keys: Object.assign({}, ...parts.map(membersOf)),
    };
  });
}

function declarationFrom(info: unknown): DeclarationPart | undefined {
  const { declarationtype: type, ddm_key: key, ddm_value: value, service } = membersOf(info);
  if (typeof service === "string") return { service };
  return typeof type === "string" && typeof key === "string" ? { type, key, value } : undefined;
}

function hintFrom({ datatype, description, validation }: Keys): Hint {
  const { min, max, regex, enumValues } = membersOf(validation);
  return {
    kind: String(datatype ?? "string"),
    description: String(description ?? ""),
    ...(typeof min === "number" && { min }),
    ...(typeof max === "number" && { max }),
    ...(typeof regex === "string" && { pattern: regex }),
    ...(Array.isArray(enumValues) && { choices: enumValues.map(String) }),
  };
}

export function baselineFrom(yaml: unknown, file: string): Baseline {
  const { title, parent_values: values, platform, profile } = membersOf(yaml);
  const { os: system, version } = membersOf(platform);
  if (typeof system !== "string" || version === undefined || !Array.isArray(profile))
    throw new Trouble(`${file} is no baseline of mSCP 2.x: it has no platform or no profile`);
  const name = file.replace(/^.*\//, "").replace(/(_(macos|ios|visionos)_[\d.]+)?\.ya?ml$/i, "");
  return {
    name,
    values: typeof values === "string" ? values : name,
    title: String(title ?? name),
    system,
    // Written as a number, which has lost its zero by now.
    version: String(version).replace(/^\d+$/, "$&.0"),
    rules: [...new Set(profile.flatMap((section) => itemsOf(membersOf(section).rules).map(String)))],
  };
}

/** Their baselines write `26.0` as a number, their rules as a text. */
export function isSameVersion(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => text.split(".").map(Number));
  return [0, 1, 2].every((part) => (a?.[part] ?? 0) === (b?.[part] ?? 0));
}

export const versionOf = (rule: Rule, system: string, version: string): Version | undefined =>
  [...(rule.platforms.get(system) ?? [])].find(([known]) => isSameVersion(known, version))?.[1];

/** Membership is in two places: the benchmarks of a version, and the tags. */
export const belongsTo = (rule: Rule, name: string, system: string, version: string): boolean => {
  const known = versionOf(rule, system, version);
  return known !== undefined && (known.benchmarks.includes(name) || rule.tags.includes(name));
};
