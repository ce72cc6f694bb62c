import * as v from "valibot";
import type { BatchReport } from "../../../commands/batch-object.ts";
import type { BatchTarget } from "../../../commands/batch-targets.ts";
import type { BatchRow } from "../../../db/batches.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { commandStates } from "./command-json.ts";
import { FindingJson } from "./order-json.ts";

/** How batches are shown. */
const count = (description: string) => v.pipe(v.number(), v.integer(), v.description(description));

const batchStates = ["held", "running", "done", "cancelled"] as const;

export const BatchEntry = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.description("It is also the CommandUUID of all its commands")),
    request_type: v.pipe(v.nullable(v.string()), v.description("null: a push without a command")),
    state: v.pipe(
      v.picklist(batchStates),
      v.description("held: nothing is given yet; done: every target has its command or was refused"),
    ),
    created_by: v.string(),
    created_at: Time,
  }),
  v.title("BatchEntry"),
);

export const Batch = v.pipe(
  v.object({
    ...BatchEntry.entries,
    targets: v.nullable(
      count("How many targets were named; null: the targets are those that match a filter"),
    ),
    held_until: v.pipe(
      TimeOrNull,
      v.description(
        "Nothing is given before this time; until then the batch can be cancelled and no device notices",
      ),
    ),
    expires_at: TimeOrNull,
    rate: v.nullable(count("The most commands in a minute")),
    priority: v.picklist(["normal", "high"]),
    progress: v.object({
      given: count("Targets that have or had the command in their queue"),
      refused: count("Targets that cannot take it"),
      failing: count("Targets that could not be reached yet and are tried again"),
      next_page_at: v.pipe(TimeOrNull, v.description("null: the batch has ended")),
      last_fault: v.pipe(v.nullable(v.string()), v.description("Why the current page is tried again")),
    }),
    outcomes: v.pipe(
      v.record(v.string(), count("How many commands are in this state")),
      v.description(
        "What the directory knows, which is a little late. For a push: how many were delivered, and why others were not",
      ),
    ),
    outcomes_at: v.pipe(
      TimeOrNull,
      v.description("When they were counted; a large batch is counted every ten seconds at most"),
    ),
  }),
  v.title("Batch"),
);

export const CreatedBatch = v.pipe(
  v.object({ ...Batch.entries, warnings: v.array(FindingJson) }),
  v.title("CreatedBatch"),
);

export const targetState = v.picklist([...commandStates, "refused"]);

export const BatchTargetJson = v.pipe(
  v.object({
    device_id: v.string(),
    channel: v.pipe(v.nullable(v.string()), v.description("The id of the user; null: the device channel")),
    state: targetState,
    reason: v.pipe(v.nullable(v.string()), v.description("Why it was refused, as a code")),
    detail: v.pipe(
      v.nullable(v.string()),
      v.description("The reason in words, or the error that the device reported"),
    ),
    finished_at: TimeOrNull,
  }),
  v.title("BatchTarget"),
);

export const presentEntry = (row: BatchRow): v.InferInput<typeof BatchEntry> => ({
  id: row.id,
  request_type: row.requestType,
  state: row.state,
  created_by: row.createdBy,
  created_at: isoTime(row.createdAt),
});

export function presentBatch({
  order,
  progress,
  waits,
  failing,
  tally,
}: BatchReport): v.InferInput<typeof Batch> {
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

export const presentTarget = (target: BatchTarget): v.InferInput<typeof BatchTargetJson> => ({
  device_id: target.deviceId,
  channel: target.userId || null,
  state: target.state,
  reason: target.reason,
  detail: target.detail,
  finished_at: isoTimeOrNull(target.finishedAt),
});
