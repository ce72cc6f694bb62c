// Puts a baseline on the server: says what changes there and how many devices that reaches, asks, and does it. Again, it
// changes nothing.
import type { Client } from "../../../client/src/index.ts";
import { Trouble } from "../../trouble.ts";
import { ask } from "../ask.ts";
import type { Given, Runtime } from "../command.ts";
import { warnOf } from "../library.ts";
import { membersOf } from "./json.ts";
import type { Parts } from "./parts.ts";
import { carryOut, planOf, type Step } from "./plan.ts";
import type { Filter } from "./sets.ts";

export async function install(
  name: string,
  parts: Parts,
  { has }: Given,
  { api, screen }: Runtime,
): Promise<void> {
  const steps = await planOf(parts, api);
  const audience = await audienceOf(parts, steps, api);
  if (screen.isJson && (has("plan") || steps.length === 0))
    return screen.json({ baseline: name, changes: steps.map(told), audience });
  if (steps.length === 0)
    return screen.say(`${[...parts.sets.keys()].join(", ")}: ${name} is there already, and nothing changes.`);
  if (!screen.isJson) tell(name, steps, audience, screen);
  if (has("plan")) return;
  if (!has("yes")) {
    if (!screen.isAttended) throw new Trouble("say --yes to make these changes; --plan only shows them");
    if (!/^y(es)?$/i.test(await ask("Make these changes? [y/N] "))) throw new Trouble("nothing was changed");
  }
  for (const step of steps) warnOf(await carryOut(step, api), screen);
  if (screen.isJson) return screen.json({ baseline: name, changes: steps.map(told), audience });
  screen.say("Done.");
}

const told = ({ kind, name, isNew, changes }: Step) => ({ kind, name, new: isNew, changes });

type Reached = { set: string; devices: number; complete: boolean };

/** Of each set: the devices that match its filter, or those that were given it. */
const audienceOf = (parts: Parts, steps: readonly Step[], api: Client): Promise<Reached[]> =>
  Promise.all(
    [...parts.sets].map(async ([set, own]) => {
      const changed = steps.find(({ kind, name }) => kind === "set" && name === set);
      const path = { name: set };
      const there = changed?.body ?? (await api.get("/sets/{name}", { path }).catch(() => own));
      const filter = membersOf(there.filter) as Filter;
      const { count } =
        Object.keys(filter).length > 0
          ? await api.get("/devices", { query: { ...filter, state: "enrolled", count: true, limit: 1 } })
          : await api.get("/sets/{name}/channels", { path, query: { count: true, limit: 1 } });
      return { set, devices: count?.items ?? 0, complete: count?.complete ?? false };
    }),
  );

function tell(
  name: string,
  steps: readonly Step[],
  audience: readonly Reached[],
  screen: Runtime["screen"],
): void {
  screen.heading(`${name} changes:`);
  for (const { kind, name: what, isNew, changes } of steps) {
    screen.say(screen.style(isNew ? "green" : "yellow", `  ${isNew ? "+" : "~"} ${kind} ${what}`));
    for (const change of changes) screen.say(`      ${change}`);
  }
  for (const { set, devices, complete } of audience)
    screen.say(
      `\nThe set ${set} reaches ${complete ? "" : "at least "}${devices} ${devices === 1 ? "device" : "devices"}.`,
    );
  if (audience.length > 0) screen.say();
}
