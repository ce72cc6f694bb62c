// A local checkout of mSCP 2.x: where its rules and baselines are, and which commit it is.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { Trouble } from "../../../trouble.ts";
import { membersOf } from "../json.ts";
import { type Baseline, baselineFrom, isSameVersion, type Rule, ruleFrom } from "./rule.ts";

export type Checkout = {
  rules: ReadonlyMap<string, Rule>;
  baselines: readonly Baseline[];
  /** undefined: it is no git checkout, such as an archive. */
  commit: string | undefined;
};

export function readCheckout(path: string): Checkout {
  const data = [join(path, "src/mscp/data"), path].find(
    (folder) => existsSync(join(folder, "rules")) && statSync(join(folder, "rules")).isDirectory(),
  );
  if (data === undefined)
    throw new Trouble(
      `${path} is no checkout of mSCP 2.x: it has no src/mscp/data/rules. git clone https://github.com/usnistgov/macos_security makes one`,
    );
  const own = new Map(
    yamlFiles(join(path, "custom/rules")).map((file) => [basename(file), membersOf(readYaml(file))]),
  );
  const rules = yamlFiles(join(data, "rules")).map((file) =>
    ruleFrom(merged(membersOf(readYaml(file)), own.get(basename(file))), file),
  );
  const baselines = ["custom/baselines", "build/baselines"]
    .map((folder) => join(path, folder))
    .concat(join(data, "baselines"))
    .flatMap(yamlFiles)
    .map((file) => baselineFrom(readYaml(file), file));
  return { rules: new Map(rules.map((rule) => [rule.id, rule])), baselines, commit: commitOf(path) };
}

/** A file of the organization has only what differs: platforms and values are added, the rest is replaced. */
function merged(rule: Readonly<Record<string, unknown>>, own?: Readonly<Record<string, unknown>>): unknown {
  if (own === undefined) return rule;
  const odv = { ...membersOf(rule.odv), ...membersOf(own.odv) };
  const platforms = Object.fromEntries(
    [...new Set([...Object.keys(membersOf(rule.platforms)), ...Object.keys(membersOf(own.platforms))])].map(
      (system) => [
        system,
        { ...membersOf(membersOf(rule.platforms)[system]), ...membersOf(membersOf(own.platforms)[system]) },
      ],
    ),
  );
  return { ...rule, ...own, platforms, odv };
}

function yamlFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}

export function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (fault) {
    const why = fault instanceof Error ? fault.message.split("\n")[0] : String(fault);
    throw new Trouble(`${file} cannot be read: ${why}`, { cause: fault });
  }
}

function commitOf(path: string): string | undefined {
  if (!existsSync(join(path, ".git"))) return undefined;
  try {
    return execFileSync("git", ["-C", path, "rev-parse", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

/** The systems and versions that some rule knows, the newest version first. */
export function versionsIn(rules: Iterable<Rule>, system: string): string[] {
  const known: string[] = [];
  for (const rule of rules)
    for (const version of rule.platforms.get(system)?.keys() ?? [])
      if (!known.some((other) => isSameVersion(other, version))) known.push(version);
  return known.toSorted((a, b) => Number.parseFloat(b) - Number.parseFloat(a));
}
