// `edgemdm baseline mscp PATH`: a baseline of the macOS Security Compliance Project becomes a folder of files.
import { resolve } from "node:path";
import { Trouble } from "../../trouble.ts";
import type { Given, Runtime } from "../command.ts";
import type { Content } from "./content.ts";
import { filesOf } from "./files.ts";
import { readCheckout } from "./mscp/checkout.ts";
import { baselineNames, chooseBaseline } from "./mscp/choose.ts";
import { convert, supervisedEnd } from "./mscp/convert.ts";
import type { Baseline, Rule } from "./mscp/rule.ts";
import { ownValues } from "./mscp/values.ts";
import { partsOf } from "./parts.ts";
import { platformsOf, setsFor } from "./sets.ts";
import { writeFolder } from "./write-folder.ts";

export async function mscp(path: string, given: Given, runtime: Runtime): Promise<void> {
  const { value, values, has } = given;
  const { screen } = runtime;
  const checkout = readCheckout(resolve(path));
  const name = value("baseline");
  if (name === undefined) {
    const names = baselineNames(checkout);
    if (screen.isJson) return screen.json(names);
    return screen.say(`say --baseline with one of:\n  ${names.join("\n  ")}`);
  }
  const out = value("out");
  if (out === undefined && value("set") === undefined)
    throw new Trouble("say --out DIR: where the files go; or --set NAME: which set of the server gets them");
  const wish = { name, system: value("platform"), version: value("os") };
  const baseline = chooseBaseline(checkout, wish);
  const own = ownValues(values("value"));
  const stranger = [...own.keys()].find((rule) => !baseline.rules.includes(rule));
  if (stranger !== undefined) throw new Trouble(`--value ${stranger}: the baseline has no such rule`);

  const prefix = `mscp.${baseline.name}`;
  const content = await convert({ baseline, rules: checkout.rules, own, prefix });
  const commit = checkout.commit ? ` at ${checkout.commit.slice(0, 12)}` : "";
  const told = {
    name: baseline.name,
    title: baseline.title,
    source: `From the macOS Security Compliance Project${commit} (CC BY 4.0, https://github.com/usnistgov/macos_security), converted by edgemdm.`,
  };
  const set = value("set") ?? baseline.name;
  const audience = {
    platforms: platformsOf(baseline.system),
    osMin: baseline.version.replace(/\.0$/, ""),
    tag: has("all") ? undefined : (value("tag") ?? set),
  };
  const sets = setsFor(set, baseline.title, content, audience, (one) => one.endsWith(supervisedEnd));
  const files = filesOf(told, content, sets);
  if (out === undefined) {
    if (!screen.isJson) tell(baseline, content, checkout.rules, screen);
    const { install } = await import("./install.ts");
    await install(baseline.name, await partsOf(files), given, runtime);
    if (!screen.isJson)
      screen.say(
        "Written as files, with --out DIR, it also tells which rules drift: edgemdm baseline status DIR",
      );
    return;
  }
  writeFolder(out, files, prefix);
  if (screen.isJson) return screen.json({ ...told, rules: content.covered, not_covered: content.notCovered });
  tell(baseline, content, checkout.rules, screen);
  const whom = audience.tag
    ? `${audience.platforms.join(" and ")} devices with the tag ${audience.tag}`
    : `all ${audience.platforms.join(" and ")} devices`;
  screen.say(`\n${out} is written; its sets are for ${whom} from ${baseline.system} ${audience.osMin} on.`);
  screen.say(`edgemdm apply ${out} --plan shows what it would change.`);
}

function tell(
  { title, rules }: Baseline,
  { covered, notCovered, profiles, declarations }: Content,
  known: ReadonlyMap<string, Rule>,
  screen: Runtime["screen"],
): void {
  screen.heading(`${title}: ${rules.length} rules`);
  screen.say(
    `  ${covered.length} are covered, by ${profiles.length} profiles and ${declarations.length} declarations`,
  );
  screen.say(`  ${notCovered.length} are not covered:`);
  const reasons = Map.groupBy(notCovered, ({ reason }) => reason);
  for (const [reason, some] of [...reasons].toSorted(([, a], [, b]) => b.length - a.length)) {
    screen.say(`\n  ${screen.style("bold", reason)}`);
    for (const { rule } of some) screen.say(`    ${rule}`);
  }
  const open = covered.filter((one) => one.value !== undefined);
  if (open.length === 0) return;
  screen.say();
  screen.heading("Values that are yours to choose, with --value RULE=VALUE");
  screen.table(open, [
    { title: "RULE", value: ({ rule }) => rule },
    {
      title: "VALUE",
      value: (one) => (typeof one.value === "object" ? JSON.stringify(one.value) : one.value),
      gives: true,
    },
    { title: "MEANS", value: ({ rule }) => known.get(rule)?.hint.description, gives: true },
  ]);
}
