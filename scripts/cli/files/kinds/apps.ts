import * as v from "valibot";
import { sha256, toHex } from "../../../../src/base/bytes.ts";
import { pointerTo } from "../../../../src/catalog/finding.ts";
import { fromJson } from "../../../../src/catalog/from-json.ts";
import type { Json } from "../../../../src/declarations/canonical-json.ts";
import { type Difference, differencesBetween } from "../../../../src/declarations/difference.ts";
import { appName, NewApp } from "../../../../src/http/api/apps/app-json.ts";
import { masked } from "../../../../src/mdm/secrets.ts";
import { isVariable, variablesIn } from "../../../../src/mdm/variables.ts";
import type { PlistDict } from "../../../../src/plist/value.ts";
import { writePlist } from "../../../../src/plist/write.ts";
import type { Api } from "../api.ts";
import { addressOf } from "../calls.ts";
import { secretPlaces } from "../hide.ts";
import { schemaProblems, withoutDefaults } from "../named-kind.ts";
import { readTree } from "../read-file.ts";
import { mapTexts } from "../secrets.ts";
import type { Condition, Current, Finding, Kind, Reading, Source, Thing, Tree } from "../thing.ts";

/**
 * Apps of the library. What an app is configured with is compared by its digest, which the list shows to everybody: its
 * values may be passwords, and only admins read them.
 */
export const apps: Kind = {
  place: "apps",
  one: "app",
  path: "/apps",
  forms: ["yaml", "json"],
  read,
  current: ({ name, source, behaviour, configuration_digest: digest }) => ({
    name: String(name),
    value: { source: source ?? null, behaviour: behaviour ?? null, configuration_digest: digest ?? null },
  }),
  reach: (survey, { name }) => survey.through(`apps/${name}`),
  differences,
  create: put,
  change: (api, thing, _current, condition) => put(api, thing, condition),
  async remove(api, { name }, condition) {
    await api.json("DELETE", address(name), condition);
  },
  async exported(api, { name, value: { source, behaviour } }) {
    const configuration = await configurationOf(api, name);
    const short = withoutDefaults(NewApp, { source: source ?? null, behaviour: behaviour ?? null });
    if (configuration === null) return { value: short, secrets: [] };
    const secrets = [...new Set([...secretPlaces(configuration), ...maskedPlaces(configuration)])];
    return {
      value: { ...short, configuration },
      secrets: secrets.map((place) => `/configuration${place}`),
    };
  },
};

const address = (name: string): string => addressOf(apps, name);

async function read(source: Source, { secrets }: Reading): ReturnType<Kind["read"]> {
  const { file, name } = source;
  const { tree: written, findings } = readTree(source);
  if (written === undefined) return { findings };
  const filled = mapTexts(written, (text) => secrets.fill(text)) as Tree;
  const named = v.safeParse(appName, name);
  const problems: Omit<Finding, "file">[] = [
    ...(named.success ? [] : [error("", `its name ${named.issues[0].message}`)]),
    ...schemaProblems(NewApp, filled),
    ...configurationProblems(filled.configuration),
  ];
  if (problems.length > 0) return { findings: problems.map((problem) => ({ file, ...problem })) };
  const { source: from, behaviour } = v.parse(NewApp, filled);
  const configuration = filled.configuration ?? null;
  const value = {
    source: from as Json,
    behaviour: behaviour as Json,
    configuration_digest: await digestOf(configuration),
    configuration,
  };
  return { thing: { kind: apps, name, file, value, written, uses: [] }, findings: [] };
}

const error = (pointer: string, detail: string): Omit<Finding, "file"> => ({
  pointer,
  detail,
  level: "error",
});

function configurationProblems(configuration: Json | undefined): Omit<Finding, "file">[] {
  if (configuration === undefined || configuration === null) return [];
  const made = fromJson(configuration);
  if (!made.ok)
    return [
      error(`/configuration${made.refusal.pointer}`, `no property list has this: ${made.refusal.reason}`),
    ];
  const unknown = variablesIn(made.value).filter((variable) => !isVariable(variable));
  return unknown.length === 0
    ? []
    : [error("/configuration", `no device has a value for ${unknown.join(", ")}`)];
}

/** As the server makes it. */
async function digestOf(configuration: Json): Promise<string | null> {
  if (configuration === null) return null;
  const made = fromJson(configuration);
  return made.ok ? toHex(await sha256(writePlist(made.value as PlistDict))) : null;
}

async function configurationOf(api: Api, name: string): Promise<Json> {
  const { configuration } = (await api.get(address(name))) as Tree;
  return configuration ?? null;
}

async function differences(api: Api, { name, value }: Thing, current: Current): Promise<Difference[]> {
  const { configuration = null, configuration_digest: digest = null, ...rest } = value;
  const { configuration_digest: digestThere = null, ...restThere } = current.value;
  const others = differencesBetween(restThere, rest);
  if (digest === digestThere) return others;
  const there = digestThere === null ? null : await configurationOf(api, name);
  const all = differencesBetween({ configuration: there }, { configuration });
  // Who may not see the values cannot know which of them differ.
  const isHidden = there !== null && maskedPlaces(there).length > 0;
  const hidden = { pointer: "/configuration", from: "(secrets)", to: "(secrets)" };
  return [...others, ...(isHidden ? [hidden] : all)];
}

/** A file without a configuration is an app without one; to the API it would be one that stays as it was. */
async function put(api: Api, { name, value }: Thing, condition: Condition): Promise<void> {
  const { source, behaviour, configuration } = value;
  await api.json("PUT", address(name), {
    body: { source, behaviour, configuration: configuration ?? null } as Tree,
    ...condition,
  });
}

function maskedPlaces(value: Json, pointer = ""): string[] {
  if (value === masked) return [pointer];
  if (Array.isArray(value)) return value.flatMap((item, at) => maskedPlaces(item, `${pointer}/${at}`));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => maskedPlaces(item, pointerTo(pointer, key)));
}
