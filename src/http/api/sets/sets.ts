import { type Context, Hono } from "hono";
import * as v from "valibot";
import { changeHolders, deleteSet, type SetRefusal, saveSet } from "../../../assignment/sets.ts";
import { fromUtf8 } from "../../../base/bytes.ts";
import type { ChannelName } from "../../../db/affected-channels.ts";
import { channelsWith, type Holder } from "../../../db/channel-sets.ts";
import { findSet, listSets, type NewSet as NewSetRow } from "../../../db/sets.ts";
import { parseEnrollmentId } from "../../../mdm/channel.ts";
import { filtersFrom } from "../devices/device-query.ts";
import { unknownPlan } from "../rollouts/asked-plan.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid, params, query } from "../route/validate.ts";
import {
  memberErrors,
  type Named,
  NewSet,
  noSet,
  presentSet,
  SetBody,
  SetWithWarnings,
  setName,
} from "./set-json.ts";

const Holding = v.pipe(
  v.object({
    device_id: v.string(),
    name: v.pipe(v.nullable(v.string()), v.description("The name of the device")),
    serial: v.nullable(v.string()),
    channel: v.pipe(v.nullable(v.string()), v.description("The user's id; null: the device channel")),
    given: v.pipe(v.boolean(), v.description("By somebody")),
    by_rule: v.pipe(v.boolean(), v.description("Because the filter matches")),
  }),
  v.title("SetHolder"),
);

export const sets = new Hono<ApiEnv>();

sets.get(
  "/",
  describeRoute("List the sets by name", { 200: pageOf(SetBody) }),
  allow("viewer"),
  query(listQuery(SetBody, v.tuple([v.string()]))),
  async (c) => {
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listSets(c.var.db, limit, after?.[0]),
      present: presentSet,
      keyOf: ({ row }) => [row.name],
    });
  },
);

sets.get(
  "/:name",
  describeRoute("Read one set", { 200: SetBody }, { problems: ["not-found"] }),
  allow("viewer"),
  params({ name: setName }),
  async (c) => {
    const { name } = c.req.valid("param");
    const found = await findSet(c.var.db, name);
    return found ? c.json(await presentSet(found)) : problem(c, "not-found", noSet(name));
  },
);

sets.put(
  "/:name",
  describeRoute(
    "Create or change a set",
    { 200: SetWithWarnings, 201: SetWithWarnings },
    {
      problems: ["conflict"],
      detail:
        "Everything that channels with this set should have. It replaces the earlier content, except what a policy put there. Channels that have the set are notified automatically; saving the same content again notifies nobody.",
    },
  ),
  allow("operator"),
  params({ name: setName }),
  body(NewSet),
  async (c) => {
    const { name } = c.req.valid("param");
    const {
      description,
      profiles,
      declarations,
      apps,
      optional,
      filter,
      activate,
      predicate,
      device_name,
      rollout,
    } = c.req.valid("json");
    const planned = await unknownPlan(c, rollout, "/rollout");
    if (planned !== undefined) return planned;
    const rule = filter && filtersFrom(filter);
    const members = { profiles, declarations, optional };
    const appMembers = { required: apps, optional: optional.apps };
    const input = {
      ...{ name, description, filter: givenFilter(c), rule, activate, predicate, members, apps: appMembers },
      ...{ deviceName: device_name, by: c.var.caller.tokenId, rollout },
    };
    const saved = await saveSet(c.env, input, Date.now());
    if (!saved.ok) return refusedSet(c, name, c.req.valid("json"), saved.refusal);
    const { set, isNew, warnings, rollout: begun } = saved.value;
    return c.json({ ...(await presentSet(set)), warnings, rollout: begun ?? null }, isNew ? 201 : 200);
  },
);

sets.delete(
  "/:name",
  describeRoute(
    "Delete a set",
    { 204: "Deleted" },
    {
      problems: ["not-found", "conflict"],
      detail:
        "With force, it is taken from every channel that has it. These channels lose what only this set gave them. Until that is finished, no set with this name can be created.",
    },
  ),
  allow("operator"),
  params({ name: setName }),
  query({
    force: v.optional(v.pipe(v.boolean(), v.description("true: also a set that channels have")), false),
  }),
  async (c) => {
    const { name } = c.req.valid("param");
    const deleted = await deleteSet(c.env, name, c.req.valid("query"), Date.now());
    if (deleted.ok) return c.body(null, 204);
    if (deleted.refusal.reason === "unknown") return problem(c, "not-found", noSet(name));
    const detail = `channels have the set ${name}; take it from them first, or repeat with ?force=true`;
    return problem(c, "conflict", detail);
  },
);

sets.get(
  "/:name/channels",
  describeRoute("List who has a set", { 200: pageOf(Holding) }, { problems: ["not-found"] }),
  allow("viewer"),
  params({ name: setName }),
  query(listQuery(Holding, v.tuple([v.string(), v.string()]))),
  async (c) => {
    const { name } = c.req.valid("param");
    if (!(await findSet(c.var.db, name))) return problem(c, "not-found", noSet(name));
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => channelsWith(c.var.db, name, limit, after),
      present: presentHolder,
      keyOf: ({ deviceId, userId }) => [deviceId, userId],
    });
  },
);

const enrollmentIds = (description: string) =>
  v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(400))),
      v.maxLength(1_000),
      v.description(description),
    ),
    [],
  );

const HoldersChange = v.pipe(
  v.strictObject({
    give: enrollmentIds("Channels that get the set: `<device id>` or `<device id>:<user id>`"),
    take: enrollmentIds("Channels that lose the set; a channel that has it by the filter keeps it"),
  }),
  v.title("HoldersChange"),
);

const HoldersChanged = v.pipe(
  v.object({
    unknown: v.pipe(v.array(v.string()), v.description("Unknown channels, which were ignored")),
  }),
  v.title("HoldersChanged"),
);

sets.post(
  "/:name/channels",
  describeRoute(
    "Give a set to many channels, or take it from many",
    { 200: HoldersChanged },
    {
      problems: ["not-found"],
      detail:
        "Their other sets stay. Up to a thousand channels in each list; use the set's filter for devices that a filter can describe.",
    },
  ),
  allow("operator"),
  params({ name: setName }),
  body(HoldersChange),
  idempotent(),
  async (c) => {
    const { name } = c.req.valid("param");
    const { give, take } = c.req.valid("json");
    const change = { give: give.map(channelNamed), take: take.map(channelNamed) };
    const changed = await changeHolders(c.env, name, change, Date.now());
    if (!changed.ok) return problem(c, "not-found", noSet(name));
    const unknown = changed.value.unknown.map(({ deviceId, userId }) =>
      userId === "" ? deviceId : `${deviceId}:${userId}`,
    );
    return c.json({ unknown });
  },
);

function channelNamed(id: string): ChannelName {
  const { deviceId, userId = "" } = parseEnrollmentId(id);
  return { deviceId, userId };
}

const presentHolder = ({ deviceId, userId, name, serial, given, byRule }: Holder) => ({
  device_id: deviceId,
  name,
  serial,
  channel: userId || null,
  given,
  by_rule: byRule,
});

/** The filter is stored as it was given, for answers; its meaning is stored separately. */
const givenFilter = (c: Context<ApiEnv>): NewSetRow["filter"] =>
  (JSON.parse(fromUtf8(c.var.bytes)) as { filter?: NewSetRow["filter"] }).filter ?? null;

function refusedSet(c: Context, name: string, named: Named, refusal: SetRefusal): Response {
  if (refusal.reason === "unknown-members") return invalid(c, memberErrors(named, refusal));
  if (refusal.reason === "too-many-rules")
    return problem(
      c,
      "conflict",
      `${refusal.most} sets already have a filter, which is the most: each device is compared with every filter`,
    );
  return problem(c, "conflict", `the set ${name} is still being taken from devices; try again in a moment`);
}
