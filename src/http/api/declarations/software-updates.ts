import { type Context, Hono } from "hono";
import * as v from "valibot";
import { progressOf } from "../../../assignment/software-update-progress.ts";
import { targetsOf } from "../../../assignment/software-update-targets.ts";
import { audienceOf, type PolicyRefusal, savePolicy } from "../../../assignment/software-updates.ts";
import { findPolicy, listPolicies, markPolicyRemoved, type PolicyRow } from "../../../db/software-updates.ts";
import {
  activationName,
  configurationName,
  type UpdatePlatform,
  type UpdateTarget,
  updatePlatforms,
} from "../../../declarations/software-update.ts";
import { restartJob } from "../../../jobs/jobs.ts";
import { unknownPlan } from "../rollouts/asked-plan.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time } from "../route/times.ts";
import { body, invalid, params, query } from "../route/validate.ts";
import { setName, Warnings } from "../sets/set-json.ts";
import { NewPolicy, policyName, Target } from "./software-update-json.ts";

const Enforced = v.object({
  platform: v.picklist(updatePlatforms),
  version: v.pipe(
    v.nullable(v.string()),
    v.description("null: no release of it is known, or Apple does not sign the version any more"),
  ),
  deadline: v.nullable(v.string()),
  configuration: v.string(),
  activation: v.string(),
  withdrawn: v.pipe(
    v.boolean(),
    v.description("Apple took the version from its list, and nothing is asked of devices"),
  ),
  models: v.pipe(
    v.nullable(v.array(v.string())),
    v.description("The models whose newest system it is, as Apple calls them for updates; null: all others"),
  ),
});

const Policy = v.pipe(
  v.object({
    name: v.string(),
    platforms: v.array(v.picklist(updatePlatforms)),
    target: Target,
    details_url: v.nullable(v.string()),
    sets: v.array(setName),
    rollout: v.pipe(
      v.nullable(v.string()),
      v.description("The plan in whose rings devices get a new target"),
    ),
    enforces: v.pipe(
      v.array(Enforced),
      v.description("The result for each platform, and the declarations that enforce it"),
    ),
    audience: v.pipe(
      v.picklist(["nobody", "devices"]),
      v.description("nobody: none of its sets has a filter or was given to a channel"),
    ),
    warnings: Warnings,
    created_at: Time,
    updated_at: Time,
    updated_by: v.string(),
  }),
  v.title("SoftwareUpdatePolicy"),
);

const Progress = v.pipe(
  v.object({
    device_id: v.string(),
    name: v.nullable(v.string()),
    platform: v.nullable(v.string()),
    os_version: v.nullable(v.string()),
    target_version: v.nullable(v.string()),
    state: v.pipe(
      v.picklist([
        "done",
        "downloading",
        "prepared",
        "installing",
        "waiting",
        "failed",
        "pending",
        "not_meant",
        "unable",
      ]),
      v.description(
        "pending: the device has not reported yet; not_meant: the policy does not name its platform; unable: by Apple's list its model cannot run it",
      ),
    ),
    declaration_state: v.nullable(v.string()),
  }),
  v.title("SoftwareUpdateProgress"),
);

const ProgressPage = v.object({
  ...pageOf(Progress).entries,
  audience: v.pipe(
    v.picklist(["nobody", "devices"]),
    v.description("nobody: none of its sets has a filter or was given to a channel"),
  ),
});

export const softwareUpdates = new Hono<ApiEnv>();

softwareUpdates.get(
  "/policies",
  describeRoute("List the policies for software updates, by name", { 200: pageOf(Policy) }),
  allow("viewer"),
  query(listQuery(Policy, v.tuple([v.string()]))),
  async (c) => {
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listPolicies(c.var.db, limit, after?.[0]),
      present: (row) => present(c, row),
      keyOf: ({ name }) => [name],
    });
  },
);

softwareUpdates.get(
  "/policies/:name",
  describeRoute("Read one policy", { 200: Policy }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const row = await find(c);
    return row ? c.json(await present(c, row)) : unknown(c);
  },
);

softwareUpdates.put(
  "/policies/:name",
  describeRoute(
    "Create or change a policy",
    { 200: Policy, 201: Policy },
    {
      detail:
        "Its declarations are ordinary declarations of the library. They are made a moment later: for each platform a configuration, and an activation that applies only to devices of that platform.",
    },
  ),
  allow("operator"),
  params({ name: policyName }),
  body(NewPolicy),
  async (c) => {
    const { name } = c.req.valid("param");
    const { details_url: detailsUrl, platforms, ...said } = c.req.valid("json");
    const planned = await unknownPlan(c, said.rollout ?? undefined, "/rollout");
    if (planned !== undefined) return planned;
    const distinct = updatePlatforms.filter((platform) => platforms.includes(platform));
    const by = c.var.caller.tokenId;
    const input = { ...said, name, platforms: distinct, detailsUrl, by };
    const saved = await savePolicy(c.env, input, Date.now());
    if (!saved.ok) return refusedPolicy(c, said.sets, saved.refusal);
    await restartJob(c.env, "software-updates", by);
    return c.json(await present(c, saved.value.row), saved.value.isNew ? 201 : 200, {
      Location: `/api/v1/software-updates/policies/${name}`,
    });
  },
);

softwareUpdates.delete(
  "/policies/:name",
  describeRoute(
    "Delete a policy; its declarations are removed from devices a moment later",
    { 204: "Deleted" },
    { problems: ["not-found"] },
  ),
  allow("operator"),
  async (c) => {
    if (!(await markPolicyRemoved(c.var.db, c.req.param("name"), Date.now()))) return unknown(c);
    await restartJob(c.env, "software-updates", c.var.caller.tokenId);
    return c.body(null, 204);
  },
);

softwareUpdates.get(
  "/policies/:name/progress",
  describeRoute(
    "List the state of a policy on its devices, by id",
    { 200: ProgressPage },
    {
      problems: ["not-found"],
      detail:
        "It comes from the last reports of the devices: their system version and `softwareupdate.install-state`.",
    },
  ),
  allow("viewer"),
  query(listQuery(Progress, v.tuple([v.string()]))),
  async (c) => {
    const row = await find(c);
    if (!row) return unknown(c);
    const { audience } = await audienceOf(c.var.db, row);
    return listed(
      c,
      c.req.valid("query"),
      {
        read: (limit, after) =>
          progressOf(c.var.db, row, { limit, after: after?.[0] ?? "", now: Date.now() }),
        present: presentProgress,
        keyOf: ({ deviceId }) => [deviceId],
      },
      { audience },
    );
  },
);

async function find(c: Context<ApiEnv>): Promise<PolicyRow | undefined> {
  const row = await findPolicy(c.var.db, c.req.param("name") ?? "");
  return row?.removed ? undefined : row;
}

async function present(c: Context<ApiEnv>, row: PolicyRow): Promise<v.InferInput<typeof Policy>> {
  const [resolved, reach] = await Promise.all([
    targetsOf(c.var.db, row, Date.now()),
    audienceOf(c.var.db, row),
  ]);
  return {
    name: row.name,
    platforms: row.platforms as UpdatePlatform[],
    target: row.target as UpdateTarget & { build?: string },
    details_url: row.detailsUrl,
    sets: row.sets,
    rollout: row.rollout,
    enforces: resolved.map(({ platform, audience, enforcement, withdrawn }) => ({
      platform,
      version: enforcement?.version ?? null,
      deadline: enforcement?.deadline ?? null,
      configuration: configurationName(row.name, platform, audience.suffix),
      activation: activationName(row.name, platform, audience.suffix),
      withdrawn,
      models: audience.only === undefined ? null : [...audience.only],
    })),
    ...reach,
    created_at: isoTime(row.createdAt),
    updated_at: isoTime(row.updatedAt),
    updated_by: row.updatedBy,
  };
}

function refusedPolicy(c: Context, sets: readonly string[], refusal: PolicyRefusal): Response {
  if (refusal.reason === "unknown-sets") {
    const unknown = refusal.names.map((set) => ({
      pointer: `/sets/${sets.indexOf(set)}`,
      code: "unknown",
      detail: `there is no set ${set}`,
    }));
    return invalid(c, unknown);
  }
  const meant = `if you mean it, send "confirm": ${JSON.stringify(refusal.confirmation)}`;
  return invalid(
    c,
    refusal.doubts.map(({ pointer, code, detail }) => ({ pointer, code, detail: `${detail}; ${meant}` })),
  );
}

const presentProgress = (
  row: Awaited<ReturnType<typeof progressOf>>[number],
): v.InferInput<typeof Progress> => ({
  device_id: row.deviceId,
  name: row.name,
  platform: row.platform,
  os_version: row.osVersion,
  target_version: row.targetVersion,
  state: row.state,
  declaration_state: row.declarationState,
});

const unknown = (c: Context): Response =>
  problem(c, "not-found", `no policy ${c.req.param("name")} is known`);
