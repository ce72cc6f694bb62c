import { type Context, Hono } from "hono";
import * as v from "valibot";
import { includesRole } from "../../admin/roles.ts";
import { type BatchReport, batchObject } from "../../commands/batch-object.ts";
import { type BatchTarget, listBatchTargets } from "../../commands/batch-targets.ts";
import { payloadFromJson } from "../../commands/from-json.ts";
import { type BatchRefusal, orderBatch } from "../../commands/order-batch.ts";
import { type BatchRow, listBatches } from "../../db/batches.ts";
import type { ApiEnv } from "./api-env.ts";
import { allow } from "./auth.ts";
import { commandStates } from "./command-json.ts";
import { deviceFilters, filtersFrom } from "./device-query.ts";
import { idempotent } from "./idempotency.ts";
import { errorAt, FindingJson, underPointer, validateQuery } from "./order-json.ts";
import { page, pageOf, pageQuery } from "./pages.ts";
import { problem } from "./problem.ts";
import { describe } from "./route-line.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull, time } from "./times.ts";
import { body, invalid, query } from "./validate.ts";

const count = (description: string) => v.pipe(v.number(), v.integer(), v.description(description));

const batchStates = ["held", "running", "done", "cancelled"] as const;

const BatchEntry = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.description("Also the CommandUUID of all its commands")),
    request_type: v.string(),
    state: v.pipe(
      v.picklist(batchStates),
      v.description("held: nothing leaves yet; done: every target has its command, or is refused"),
    ),
    created_by: v.string(),
    created_at: Time,
  }),
  v.title("BatchEntry"),
);

const Batch = v.pipe(
  v.object({
    ...BatchEntry.entries,
    targets: v.nullable(count("How many were named; null: those that pass a filter")),
    held_until: v.pipe(
      TimeOrNull,
      v.description("Nothing leaves before; until then it can be cancelled without a trace"),
    ),
    expires_at: TimeOrNull,
    rate: v.nullable(count("Commands a minute at most")),
    priority: v.picklist(["normal", "high"]),
    progress: v.object({
      given: count("Targets that have the command in their queue, or had"),
      refused: count("Targets that cannot take it"),
      failing: count("Targets that could not be reached yet and are tried again"),
      next_page_at: v.pipe(TimeOrNull, v.description("null: it is over")),
      last_fault: v.pipe(v.nullable(v.string()), v.description("Why the present page is tried again")),
    }),
    outcomes: v.pipe(
      v.record(v.picklist(commandStates), count("So many commands are in this state")),
      v.description("As the directory knows, which is a little later"),
    ),
    outcomes_at: v.pipe(
      TimeOrNull,
      v.description("When they were counted; of a large batch, at most every ten seconds"),
    ),
  }),
  v.title("Batch"),
);

const CreatedBatch = v.pipe(
  v.object({ ...Batch.entries, warnings: v.array(FindingJson) }),
  v.title("CreatedBatch"),
);

const Target = v.pipe(
  v.object({
    device_id: v.string(),
    channel: v.pipe(v.nullable(v.string()), v.description("The id of the user; null: the device channel")),
    state: v.picklist([...commandStates, "refused"]),
    reason: v.pipe(v.nullable(v.string()), v.description("Why it was refused, as a code")),
    detail: v.pipe(
      v.nullable(v.string()),
      v.description("The same in words, or what the device said of an error"),
    ),
    finished_at: TimeOrNull,
  }),
  v.title("BatchTarget"),
);

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
      v.description("As in the list of devices; enrolled ones, unless it names another state"),
    ),
  }),
  v.strictObject({ all: v.pipe(v.literal(true), v.description("Every enrolled device")) }),
]);

const NewBatch = v.pipe(
  v.strictObject({
    request_type: v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.description("Apple's RequestType")),
    payload: v.optional(v.record(v.string(), v.unknown()), {}),
    targets: Targets,
    expires_at: v.optional(
      v.pipe(
        time("Until when each command may wait"),
        v.check((ms) => ms > Date.now(), "must lie in the future"),
      ),
    ),
    rate: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(1),
        v.maxValue(100_000),
        v.description("Commands a minute at most"),
      ),
    ),
    priority: v.optional(v.picklist(["normal", "high"]), "normal"),
    confirm: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(1),
        v.description("Of a command that cannot be taken back: how many devices it reaches"),
      ),
    ),
  }),
  v.title("NewBatch"),
);

const largestBody = 3 * 1024 * 1024;

export const batches = new Hono<ApiEnv>();

batches.get(
  "/",
  describe("List the batches, newest first", { 200: pageOf(BatchEntry) }),
  allow("viewer"),
  query(pageQuery(v.tuple([v.number(), v.string()]))),
  async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const rows = await listBatches(c.var.db, limit + 1, cursor);
    return c.json(page(rows, limit, presentEntry, ({ createdAt, id }) => [createdAt, id]));
  },
);

batches.post(
  "/",
  describe(
    "Give one command to many channels",
    { 201: CreatedBatch },
    {
      problems: ["forbidden", "unconfirmed", "too-destructive"],
      detail:
        "Answers at once; the commands are given in pages. A command that cannot be taken back needs the role admin and, to more than one device, `confirm`; it is held for a while, and can be cancelled until then.",
    },
  ),
  allow("operator"),
  query(validateQuery),
  body(NewBatch, { limitBytes: largestBody }),
  idempotent(),
  async (c) => {
    const json = c.req.valid("json");
    const payload = await payloadFromJson(json.request_type, json.payload);
    if (!payload.ok) {
      const { pointer, reason, detail } = payload.refusal;
      return invalid(c, [{ pointer: `/payload${pointer}`, code: reason, detail }]);
    }
    const ordered = await orderBatch(
      c.env,
      {
        requestType: json.request_type,
        payload: payload.value,
        targets: targetsFrom(json.targets),
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
    const warnings = findings.map((finding) => underPointer(finding, "/payload"));
    return c.json({ ...present(report), warnings }, 201, { Location: `/api/v1/batches/${report.order.id}` });
  },
);

batches.get(
  "/:id",
  describe("Read how a batch goes", { 200: Batch }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const report = await batchObject(c.env, c.req.param("id")).describe();
    return report ? c.json(present(report)) : unknown(c, c.req.param("id"));
  },
);

batches.delete(
  "/:id",
  describe(
    "Cancel a batch: nothing more leaves, and what no device has fetched is taken back",
    { 200: Batch },
    { problems: ["not-found"] },
  ),
  allow("operator"),
  async (c) => {
    const report = await batchObject(c.env, c.req.param("id")).cancel(c.var.caller.tokenId);
    return report ? c.json(present(report)) : unknown(c, c.req.param("id"));
  },
);

batches.get(
  "/:id/targets",
  describe(
    "List what became of each target so far, by device id",
    { 200: pageOf(Target) },
    { problems: ["not-found"], detail: "Targets whose turn has not come are not listed." },
  ),
  allow("viewer"),
  query(pageQuery(v.tuple([v.string(), v.string()]))),
  async (c) => {
    const id = c.req.param("id");
    const { limit, cursor } = c.req.valid("query");
    if (!(await batchObject(c.env, id).describe())) return unknown(c, id);
    const rows = await listBatchTargets(c.env, id, limit + 1, cursor);
    return c.json(page(rows, limit, presentTarget, ({ deviceId, userId }) => [deviceId, userId]));
  },
);

function targetsFrom(targets: v.InferOutput<typeof Targets>): Parameters<typeof orderBatch>[1]["targets"] {
  if ("ids" in targets) return { ids: targets.ids };
  const filters = "filter" in targets ? filtersFrom(targets.filter) : {};
  return { filters: { ...filters, state: filters.state ?? "enrolled" } };
}

function refused(c: Context, refusal: BatchRefusal): Response {
  switch (refusal.reason) {
    case "unfit":
      return invalid(c, refusal.findings.filter(({ level }) => level === "error").map(errorAt("/payload")));
    case "cannot-help":
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

const presentEntry = (row: BatchRow): v.InferInput<typeof BatchEntry> => ({
  id: row.id,
  request_type: row.requestType,
  state: row.state,
  created_by: row.createdBy,
  created_at: isoTime(row.createdAt),
});

function present({ order, progress, waits, failing, tally }: BatchReport): v.InferInput<typeof Batch> {
  return {
    id: order.id,
    request_type: order.requestType,
    state: progress.state,
    created_by: order.createdBy,
    created_at: isoTime(order.createdAt),
    targets: "count" in order.targets ? order.targets.count : null,
    held_until: isoTimeOrNull(order.heldUntil),
    expires_at: isoTimeOrNull(order.expiresAt),
    rate: order.rate,
    priority: order.high ? "high" : "normal",
    progress: {
      given: progress.given,
      refused: progress.refused,
      failing,
      next_page_at: waits ? isoTime(progress.dueAt) : null,
      last_fault: progress.lastFault,
    },
    outcomes: tally?.states ?? {},
    outcomes_at: isoTimeOrNull(tally?.at ?? null),
  };
}

const presentTarget = (target: BatchTarget): v.InferInput<typeof Target> => ({
  device_id: target.deviceId,
  channel: target.userId || null,
  state: target.state,
  reason: target.reason,
  detail: target.detail,
  finished_at: isoTimeOrNull(target.finishedAt),
});
