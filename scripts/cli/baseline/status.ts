// `edgemdm baseline status`: rule by rule, which devices do not keep it.
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { type Client, ProblemError } from "../../../client/src/index.ts";
import type { Given, Runtime } from "../command.ts";
import { driftOf, type RuleState } from "./drift.ts";
import { folderOf, type Index, readIndex } from "./index-file.ts";
import type { Filter } from "./sets.ts";

/** Exit code 3 while a rule drifts, so that a script can tell. */
export async function status(word: string, given: Given, { api, screen }: Runtime): Promise<number> {
  const folder = folderOf(word);
  const index = await readIndex(folder);
  const sets = given.value("set") === undefined ? setsIn(folder) : [String(given.value("set"))];
  const rules = await driftOf(index.rules, await filtersOf(sets, api), api);
  if (screen.isJson) screen.json({ baseline: index.name, sets, rules });
  else await tell(index, rules, api, screen);
  return rules.some(({ state }) => state === "drifts") ? 3 : 0;
}

const setsIn = (folder: string): string[] => {
  const names = existsSync(join(folder, "sets")) ? readdirSync(join(folder, "sets")) : [];
  return names.map((name) => decodeURIComponent(basename(name).replace(/\.(ya?ml|json)$/, "")));
};

/** As the sets are on the server now. One that is given by hand has none. */
async function filtersOf(sets: readonly string[], api: Client): Promise<Filter[]> {
  const filters = await Promise.all(
    sets.map((name) =>
      api.get("/sets/{name}", { path: { name } }).then(
        ({ filter }) => filter,
        (fault: unknown) => {
          if (fault instanceof ProblemError && fault.problem.status === 404) return null;
          throw fault;
        },
      ),
    ),
  );
  return filters.filter((filter) => filter !== null) as Filter[];
}

/** So many devices are shown with their names; --json has more. */
const mostShown = 5;

async function tell(
  { title, notCovered }: Index,
  rules: readonly RuleState[],
  api: Client,
  screen: Runtime["screen"],
): Promise<void> {
  const of = (state: RuleState["state"]) => rules.filter((one) => one.state === state);
  const [drifting, waiting, missing] = [of("drifts"), of("waiting"), of("missing")];
  screen.heading(title);
  screen.say(
    [
      `  ${of("kept").length} of ${rules.length} rules are kept on every device that has them`,
      ...(drifting.length > 0 ? [`  ${drifting.length} drift`] : []),
      ...(waiting.length > 0 ? [`  ${waiting.length} wait for devices`] : []),
      ...(of("nobody").length > 0 ? [`  ${of("nobody").length} reach no device: nobody has the set`] : []),
      ...(missing.length > 0 ? [`  ${missing.length} are not on the server: apply the folder`] : []),
      ...(notCovered > 0 ? [`  ${notCovered} more are not covered: baseline.yaml says why`] : []),
    ].join("\n"),
  );
  if (drifting.length === 0 && waiting.length === 0) return;
  const named = [...new Set(drifting.flatMap(({ devices }) => devices.slice(0, mostShown)).map(idOf))];
  const names = new Map(await Promise.all(named.map(async (id) => [id, await nameOf(api, id)] as const)));
  screen.say();
  screen.table(
    [...drifting, ...waiting],
    [
      {
        title: "RULE",
        value: ({ rule }) => rule,
        style: ({ state }) => (state === "drifts" ? "red" : "yellow"),
      },
      { title: "DRIFT", value: ({ drifting: count }) => count || "" },
      { title: "WAITING", value: ({ waiting: count }) => count || "" },
      { title: "DEVICES", value: ({ devices }) => shown(devices.map(idOf), names), gives: true },
      {
        title: "WHY",
        value: ({ devices }) => [...new Set(devices.map(({ reason }) => reason))].join("; "),
        gives: true,
      },
    ],
  );
}

const idOf = ({ device_id }: { device_id: string }): string => device_id;

function shown(ids: readonly string[], names: ReadonlyMap<string, string>): string {
  const first = ids.slice(0, mostShown).map((id) => names.get(id) ?? id);
  return [...first, ...(ids.length > mostShown ? [`and ${ids.length - mostShown} more`] : [])].join(", ");
}

async function nameOf(api: Client, id: string): Promise<string> {
  const device = await api.get("/devices/{id}", { path: { id } }).catch(() => undefined);
  return device?.name ?? device?.serial ?? id;
}
