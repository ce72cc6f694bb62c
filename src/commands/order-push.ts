import { insertBatch } from "../db/batches.ts";
import { openDb } from "../db/open.ts";
import type { BatchOrder } from "./batch.ts";
import type { BatchReport } from "./batch-object.ts";
import { type BatchInput, startBatch, targetsOf } from "./order-batch.ts";

/** A push to many channels: nothing is queued, and it can do no damage. */
export async function orderPush(
  env: Env,
  { rate, createdBy, targets: wanted }: Pick<BatchInput, "targets" | "rate" | "createdBy">,
  now: number,
): Promise<BatchReport> {
  const db = openDb(env.DB);
  const { ids, targets } = targetsOf({ targets: wanted });
  const asked = { id: crypto.randomUUID().toUpperCase(), requestType: null, createdBy, createdAt: now };
  const nothingMore = { mode: "off" as const, heldUntil: null, expiresAt: null, high: false };
  const order: BatchOrder = { ...asked, ...nothingMore, targets, rate };
  const row = { ...asked, state: "running" as const, destroys: 0, payloadSealed: null };
  await insertBatch(db, row, { since: now, most: 0 });
  return startBatch(env, db, order, ids, 0);
}
