import { type Context, Hono } from "hono";
import * as v from "valibot";
import { includesRole } from "../../../admin/roles.ts";
import { appStates } from "../../../apps/states.ts";
import { misfitsOfSets, notForPlatform } from "../../../assignment/set-warnings.ts";
import { fromJson } from "../../../catalog/from-json.ts";
import { type JsonValue, toJson } from "../../../catalog/to-json.ts";
import { type AppPlace, countAppStates, listAppStates } from "../../../db/app-states.ts";
import { type AppEntry, findApp, findAppEntry, listApps, setsOfApp } from "../../../db/library-apps.ts";
import { openConfiguration } from "../../../library/app-configuration.ts";
import { type AppRefusal, removeApp, saveApp } from "../../../library/apps.ts";
import { masked } from "../../../mdm/secrets.ts";
import type { PlistDict } from "../../../plist/value.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid, params, query } from "../route/validate.ts";
import {
  App,
  AppDetail,
  AppDevice,
  appName,
  maskedValues,
  NewApp,
  presentApp,
  presentDevice,
  SavedApp,
  sourceOf,
  updatesOf,
} from "./app-json.ts";

export const apps = new Hono<ApiEnv>();

apps.get(
  "/",
  describeRoute("List the apps of the library, by name", { 200: pageOf(App) }),
  allow("viewer"),
  query(listQuery(App, v.tuple([v.string()]))),
  async (c) => {
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listApps(c.var.db, limit, after?.[0]),
      present: presentApp,
      keyOf: (row) => [row.name],
    });
  },
);

apps.get(
  "/:name",
  describeRoute(
    "Read one app of the library",
    { 200: AppDetail },
    {
      tagged: ["version"],
      problems: ["not-found"],
      detail:
        "Variables of the configuration are not filled in. There is an audit entry when an admin reads a configuration.",
    },
  ),
  allow("viewer"),
  params({ name: appName }),
  async (c) => {
    const { name } = c.req.valid("param");
    const [row, entry] = await Promise.all([findApp(c.var.db, name), findAppEntry(c.var.db, name)]);
    if (!row || !entry) return noApp(c);
    const [whole, sets, counts] = await Promise.all([
      openConfiguration(c.env, row),
      setsOfApp(c.var.db, name),
      countAppStates(c.var.db, name, appStates),
    ]);
    return c.json({ ...presentApp(entry), configuration: shownTo(c, whole), sets, counts });
  },
);

apps.put(
  "/:name",
  describeRoute(
    "Save an app of the library",
    { 200: SavedApp, 201: SavedApp },
    {
      problems: ["conflict"],
      detail:
        "Devices that have it by a set get what changed. Saving the same again changes nothing. What comes from elsewhere is another app, and needs a name of its own.",
    },
  ),
  allow("operator"),
  params({ name: appName }),
  body(NewApp),
  async (c) => {
    const { name } = c.req.valid("param");
    const { source, configuration, behaviour } = c.req.valid("json");
    const read = await configurationFrom(c, name, configuration);
    if (!read.ok)
      return invalid(c, [
        { code: read.reason, pointer: `/configuration${read.pointer}`, detail: sentences[read.reason] },
      ]);
    const input = {
      ...{ name, source: sourceOf(source), configuration: read.value },
      removeWhenUnassigned: behaviour.remove_when_unassigned ?? true,
      updates: updatesOf(behaviour.updates ?? "always"),
      pinnedVersion: behaviour.pinned_version ?? null,
      by: c.var.caller.tokenId,
    };
    const saved = await saveApp(c.env, input, Date.now());
    if (!saved.ok) return refusedApp(c, saved.refusal);
    const [entry, sets] = await Promise.all([findAppEntry(c.var.db, name), setsOfApp(c.var.db, name)]);
    if (!entry) return noApp(c);
    const { outcome } = saved.value;
    const misfits = (await misfitsOfSets(c.var.db, sets)).filter(({ app }) => app === name);
    const warnings = [...warningsOf(entry, sets), ...misfits.map(({ detail }) => notForPlatform(detail))];
    const answer = { ...presentApp(entry), outcome, warnings };
    return c.json(answer, outcome === "added" ? 201 : 200, { Location: `/api/v1/apps/${name}` });
  },
);

apps.delete(
  "/:name",
  describeRoute(
    "Delete an app of the library; refused while a set has it",
    { 204: "Deleted" },
    { problems: ["not-found", "conflict"] },
  ),
  allow("operator"),
  params({ name: appName }),
  async (c) => {
    const removed = await removeApp(c.env, c.req.valid("param").name, Date.now());
    if (removed.ok) return c.body(null, 204);
    if (removed.refusal.reason === "unknown") return noApp(c);
    const { sets } = removed.refusal;
    const held = sets.map((name) => `set ${name}`).join(", ") || "a set";
    return problem(c, "conflict", `${held} has it: take it out there first`, { members: { sets } });
  },
);

const AppDevices = v.pipe(
  v.object({ ...pageOf(AppDevice).entries, counts: AppDetail.entries.counts }),
  v.title("AppDevices"),
);

apps.get(
  "/:name/devices",
  describeRoute(
    "List how it stands with an app on devices",
    { 200: AppDevices },
    {
      problems: ["not-found"],
      detail:
        "By state, for every device that has the app by a set, or still has it from one. The states come from what devices list and report, not from acknowledged commands.",
    },
  ),
  allow("viewer"),
  params({ name: appName }),
  query({
    state: v.optional(v.picklist(appStates)),
    ...listQuery(AppDevice, v.tuple([v.string(), v.string()])),
  }),
  async (c) => {
    const { name } = c.req.valid("param");
    const { state, cursor } = c.req.valid("query");
    const { db } = c.var;
    const [app, some, counts] = await Promise.all([
      findApp(db, name),
      listAppStates(db, name, state, 1, undefined),
      countAppStates(db, name, appStates),
    ]);
    // A deleted app may still have to be removed from devices.
    if (app === undefined && some.length === 0 && cursor === undefined) return noApp(c);
    const source = {
      read: (limit: number, after: AppPlace | undefined) => listAppStates(db, name, state, limit, after),
      present: presentDevice,
      keyOf: (row: Parameters<typeof presentDevice>[0]): [string, string] => [row.state, row.deviceId],
    };
    return listed(c, c.req.valid("query"), source, { counts });
  },
);

const noApp = (c: Context): Response =>
  problem(c, "not-found", `the library has no app ${JSON.stringify(c.req.param("name"))}`);

function refusedApp(c: Context<ApiEnv>, refusal: AppRefusal): Response {
  if (refusal.reason === "another-app") return problem(c, "conflict", refusal.detail);
  const { reason, pointer, detail } = refusal;
  return invalid(c, [{ code: reason, pointer, detail }]);
}

/** The values of a configuration may be passwords, under any key. */
function shownTo(c: Context<ApiEnv>, configuration: PlistDict | undefined): Record<string, JsonValue> | null {
  if (configuration === undefined) return null;
  const json = toJson(configuration) as Record<string, JsonValue>;
  if (!includesRole(c.var.caller.role, "admin"))
    return maskedValues(json, masked) as Record<string, JsonValue>;
  c.set("audit", "always");
  return json;
}

type ReadConfiguration =
  | { ok: true; value: PlistDict | null }
  | { ok: false; reason: keyof typeof sentences; pointer: string };

const sentences = {
  "null-value": "a property list has no null; leave the key out",
  "bad-tag": "the value does not fit its tag",
  "too-deep": "is nested too deep",
  "too-large": "has too many values",
};

async function configurationFrom(
  c: Context<ApiEnv>,
  name: string,
  given: Record<string, unknown> | null | undefined,
): Promise<ReadConfiguration> {
  if (given === null) return { ok: true, value: null };
  if (given === undefined) {
    const row = await findApp(c.var.db, name);
    return { ok: true, value: (row && (await openConfiguration(c.env, row))) ?? null };
  }
  const read = fromJson(given);
  return read.ok ? { ok: true, value: read.value as PlistDict } : { ok: false, ...read.refusal };
}

/** What is allowed, and does nothing or less than it says. */
function warningsOf(row: AppEntry, sets: readonly string[]): { code: string; detail: string }[] {
  const found: { code: string; detail: string }[] = [];
  const warn = (code: string, detail: string) => found.push({ code, detail });
  if (sets.length === 0) warn("nobody", "no set has the app, so no device gets it");
  if (row.asset?.isForDevices === false)
    warn(
      "not-for-devices",
      "Apple licenses it only to people: only devices with an owner who has a Managed Apple Account get it",
    );
  if (row.pinnedVersion !== null && row.updates !== "never")
    warn("pinned", "a pinned version is not updated, whatever the updates say");
  if (!("store" in row.source) && row.pinnedVersion !== null)
    warn("no-pin", "versions of a manifest cannot be pinned: the manifest has one version");
  if ("manifest" in row.source && row.source.manifest.bundleId === null)
    warn(
      "unknown-bundle-id",
      "a device that gets it by command does not tell its bundle id on a Mac: name it, or it cannot be followed and removed there",
    );
  return found;
}
