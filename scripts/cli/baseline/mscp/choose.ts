// Which baseline is meant: one of their files, or, for a version that has no file, the rules that name the benchmark.
import { nearMiss } from "../../../../src/catalog/near-miss.ts";
import { Trouble } from "../../../trouble.ts";
import { type Checkout, versionsIn } from "./checkout.ts";
import { type Baseline, belongsTo, isSameVersion } from "./rule.ts";

export type Wish = { name: string; system: string | undefined; version: string | undefined };

export function chooseBaseline(checkout: Checkout, { name, system, version }: Wish): Baseline {
  const systems = system === undefined ? systemsWith(checkout, name) : [systemNamed(checkout, system)];
  const [only] = systems;
  if (only === undefined) throw new Trouble(unknown(checkout, name));
  if (systems.length > 1)
    throw new Trouble(`${name} is there for ${systems.join(" and ")}: say --platform, such as ${only}`);
  const rules = [...checkout.rules.values()];
  const newest = versionsIn(rules, only).find((known) =>
    rules.some((rule) => belongsTo(rule, name, only, known)),
  );
  const chosen = version ?? newest;
  const file = checkout.baselines.find(
    (one) =>
      one.name === name &&
      one.system === only &&
      (chosen === undefined || isSameVersion(one.version, chosen)),
  );
  if (file !== undefined) return file;
  const members = rules.filter((rule) => chosen !== undefined && belongsTo(rule, name, only, chosen));
  if (chosen === undefined || members.length === 0) {
    const versions = versionsIn(rules, only).filter((known) =>
      rules.some((rule) => belongsTo(rule, name, only, known)),
    );
    const are = versions.length > 0 ? `; it is there for ${versions.join(", ")}` : "";
    throw new Trouble(`no rule belongs to ${name} on ${only} ${chosen ?? ""}${are}`.trim());
  }
  const ids = members.map(({ id }) => id);
  return {
    name,
    values: name,
    title: `${only} ${chosen}: ${name}`,
    system: only,
    version: chosen,
    rules: ids,
  };
}

function systemsWith({ rules, baselines }: Checkout, name: string): string[] {
  const named = baselines.filter((one) => one.name === name).map(({ system }) => system);
  const tagged = [...rules.values()].flatMap((rule) =>
    [...rule.platforms].flatMap(([system, versions]) =>
      [...versions.keys()].some((version) => belongsTo(rule, name, system, version)) ? [system] : [],
    ),
  );
  return [...new Set([...named, ...tagged])].toSorted();
}

function systemNamed({ rules }: Checkout, word: string): string {
  const known = new Set([...rules.values()].flatMap((rule) => [...rule.platforms.keys()]));
  const found = [...known].find((system) => system.toLowerCase() === word.toLowerCase());
  if (found === undefined) throw new Trouble(`--platform is one of ${[...known].join(", ")}, not ${word}`);
  return found;
}

/** Every keyword with its systems, as `--baseline` takes them. */
export function baselineNames({ rules, baselines }: Checkout): string[] {
  const markers = new Set([
    "inherent",
    "permanent",
    "manual",
    "n_a",
    "supplemental",
    "none",
    "i386",
    "arm64",
  ]);
  const names = [...rules.values()].flatMap((rule) => [
    ...rule.tags.filter((tag) => !markers.has(tag)),
    ...[...rule.platforms.values()].flatMap((versions) =>
      [...versions.values()].flatMap(({ benchmarks }) => benchmarks),
    ),
  ]);
  return [...new Set([...baselines.map(({ name }) => name), ...names])].toSorted();
}

function unknown(checkout: Checkout, name: string): string {
  const names = baselineNames(checkout);
  const meant = nearMiss(name, names);
  return `the checkout has no baseline ${name}${meant ? `; did you mean ${meant}?` : ""}\nit has ${names.join(", ")}`;
}
