import { type Context, Hono } from "hono";
import * as v from "valibot";
import { includesRole } from "../../../admin/roles.ts";
import { type BatchReport, batchObject } from "../../../commands/batch-object.ts";
import { listBatchTargets } from "../../../commands/batch-targets.ts";
import { payloadFromJson } from "../../../commands/from-json.ts";
import { type BatchRefusal, orderBatch } from "../../../commands/order-batch.ts";
import { orderPush } from "../../../commands/order-push.ts";
import { listBatches } from "../../../db/batches.ts";
import { deviceFilters, filtersFrom } from "../devices/device-query.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import type { RequestError } from "../route/request-error.ts";
import { describeRoute } from "../route/route-line.ts";
import { time } from "../route/times.ts";
import { body, invalid, query } from "../route/validate.ts";
import {
  Batch,
  BatchEntry,
  BatchTargetJson,
  CreatedBatch,
  presentBatch,
  presentEntry,
  presentTarget,
  targetState,
} from "./batch-json.ts";
import { errorAt, type FindingJson, underPointer, validateQuery } from "./order-json.ts";

const Targets = v.union([
  v.strictObject({
    ids: v.pipe(
      v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(511))),
      v.minLength(1),
      v.maxLength(10_000),
      v.description("Ids of devices; `<device id>:<user id>` for a user channel"),
    ),
  }),
  v.strictObject({
    filter: v.pipe(
      v.strictObject(deviceFilters),
      v.description("As in the list of devices; only enrolled devices, unless it names another state"),
    ),
  }),
  v.strictObject({ all: v.pipe(v.literal(true), v.description("Every enrolled device")) }),
]);

const NewBatch = v.pipe(
  v.strictObject({
    request_type: v.optional(
      v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.description("Apple's RequestType")),
    ),
    payload: v.optional(v.record(v.string(), v.unknown())),
    push: v.optional(
      v.pipe(v.literal(true), v.description("Instead of a command: wakes the targets and does nothing else")),
    ),
    targets: Targets,
    expires_at: v.optional(
      v.pipe(
        time("Each command may wait until then"),
        v.check((ms) => ms > Date.now(), "must lie in the future"),
      ),
    ),
    rate: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(1),
        v.maxValue(100_000),
        v.description("The most commands in a minute"),
      ),
    ),
    priority: v.optional(v.picklist(["normal", "high"]), "normal"),
    confirm: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(1),
        v.description("For a command that cannot be undone: the number of devices it reaches"),
      ),
    ),
  }),
  v.title("NewBatch"),
);

const largestBody = 3 * 1024 * 1024;

export const batches = new Hono<ApiEnv>();

batches.get(
  "/",
  describeRoute("List the batches, newest first", { 200: pageOf(BatchEntry) }),
  allow("viewer"),
  query(listQuery(BatchEntry, v.tuple([v.number(), v.string()]))),
  async (c) => {
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listBatches(c.var.db, limit, after),
      present: presentEntry,
      keyOf: ({ createdAt, id }) => [createdAt, id],
    });
  },
);

batches.post(
  "/",
  describeRoute(
    "Give one command to many channels, or only wake them",
    { 201: CreatedBatch },
    {
      problems: ["forbidden", "unconfirmed", "too-destructive"],
      detail:
        "The answer comes at once; the commands are given page by page afterwards. A command that cannot be undone needs the role admin and, for more than one device, `confirm`. It is held for a while and can be cancelled during that time.",
    },
  ),
  allow("operator"),
  query(validateQuery),
  body(NewBatch, { limitBytes: largestBody }),
  idempotent(),
  async (c) => {
    const json = c.req.valid("json");
    const targets = targetsFrom(json.targets);
    const { request_type: requestType } = json;
    const contradiction = contradictionIn(json);
    if (contradiction !== undefined) return invalid(c, [contradiction]);
    if (requestType === undefined) {
      const input = { targets, rate: json.rate ?? null, createdBy: c.var.caller.tokenId };
      return created(c, await orderPush(c.env, input, Date.now()), []);
    }
    const payload = await payloadFromJson(requestType, json.payload ?? {});
    if (!payload.ok) {
      const { pointer, reason, detail } = payload.refusal;
      return invalid(c, [{ pointer: `/payload${pointer}`, code: reason, detail }]);
    }
    const ordered = await orderBatch(
      c.env,
      {
        requestType,
        payload: payload.value,
        targets,
        mode: c.req.valid("query").validate,
        expiresAt: json.expires_at ?? null,
        rate: json.rate ?? null,
        high: json.priority === "high",
        confirm: json.confirm,
        createdBy: c.var.caller.tokenId,
        isAdmin: includesRole(c.var.caller.role, "admin"),
      },
      Date.now(),
    );
    if (!ordered.ok) return refused(c, ordered.refusal);
    const { report, findings } = ordered.value;
    return created(
      c,
      report,
      findings.map((finding) => underPointer(finding, "/payload")),
    );
  },
);

batches.get(
  "/:id",
  describeRoute("Read the progress of a batch", { 200: Batch }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const report = await batchObject(c.env, c.req.param("id")).describe();
    return report ? c.json(presentBatch(report)) : unknown(c, c.req.param("id"));
  },
);

batches.delete(
  "/:id",
  describeRoute(
    "Cancel a batch: no more commands are given, and commands that no device has fetched are cancelled",
    { 200: Batch },
    { problems: ["not-found"] },
  ),
  allow("operator"),
  async (c) => {
    const report = await batchObject(c.env, c.req.param("id")).cancel(c.var.caller.tokenId);
    return report ? c.json(presentBatch(report)) : unknown(c, c.req.param("id"));
  },
);

batches.get(
  "/:id/targets",
  describeRoute(
    "List the result for each target so far, by device id",
    { 200: pageOf(BatchTargetJson) },
    {
      problems: ["not-found"],
      detail:
        "Targets that have not been handled yet are not listed. A page reads a limited number of targets. So with `state` it can be short or empty and still have a next_cursor.",
    },
  ),
  allow("viewer"),
  query({
    state: v.optional(v.pipe(targetState, v.description("Only those in this state"))),
    ...listQuery(BatchTargetJson, v.tuple([v.string(), v.string()])),
  }),
  async (c) => {
    const id = c.req.param("id");
    const { state } = c.req.valid("query");
    if (!(await batchObject(c.env, id).describe())) return unknown(c, id);
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listBatchTargets(c.env, id, limit, after, state),
      present: presentTarget,
      keyOf: ({ deviceId, userId }) => [deviceId, userId],
    });
  },
);

const created = (c: Context, report: BatchReport, warnings: v.InferInput<typeof FindingJson>[]): Response =>
  c.json({ ...presentBatch(report), warnings }, 201, { Location: `/api/v1/batches/${report.order.id}` });

/** Either a command or a push; a push has only targets and a rate. */
function contradictionIn(json: v.InferOutput<typeof NewBatch>): RequestError | undefined {
  const wrong = (pointer: string, code: string, detail: string): RequestError => ({ pointer, code, detail });
  if (json.push === undefined)
    return json.request_type === undefined
      ? wrong("/request_type", "required", "is missing; for a push without a command, send push: true")
      : undefined;
  const stray = (["request_type", "payload", "expires_at", "confirm"] as const).find((key) => key in json);
  return (
    stray && wrong(`/${stray}`, "contradiction", "a push has no such field; leave out this field or push")
  );
}

function targetsFrom(targets: v.InferOutput<typeof Targets>): Parameters<typeof orderBatch>[1]["targets"] {
  if ("ids" in targets) return { ids: targets.ids };
  const filters = "filter" in targets ? filtersFrom(targets.filter) : {};
  return { filters: { ...filters, state: filters.state ?? "enrolled" } };
}

function refused(c: Context, refusal: BatchRefusal): Response {
  switch (refusal.reason) {
    case "unfit":
      return invalid(c, refusal.findings.filter(({ level }) => level === "error").map(errorAt("/payload")));
    case "cannot-complete":
      return invalid(c, [
        { pointer: `/payload/${refusal.key}`, code: refusal.reason, detail: refusal.detail },
      ]);
    case "command-too-large":
      return invalid(c, [{ pointer: "/payload", code: refusal.reason, detail: refusal.detail }]);
    case "needs-admin":
      return problem(c, "forbidden", refusal.detail);
    case "unconfirmed":
      return problem(c, "unconfirmed", refusal.detail, { members: { targets: refusal.targets } });
    case "too-destructive":
      return problem(c, "too-destructive", refusal.detail);
  }
}

const unknown = (c: Context, id: string): Response => problem(c, "not-found", `no batch has the id ${id}`);
