import { type CommandPlace, type CommandRow, listCommandsOf } from "../db/commands.ts";
import { openDb } from "../db/open.ts";
import { batchObject } from "./batch-object.ts";

/** The result of each target so far, in the order of ids: commands from the directory, refusals from the object. */
export type BatchTarget = {
  deviceId: string;
  userId: string;
  state: CommandRow["state"] | "refused";
  /** Why it was refused, or the error that the device reported. */
  reason: string | null;
  detail: string | null;
  finishedAt: number | null;
};

export async function listBatchTargets(
  env: Env,
  id: string,
  limit: number,
  after: CommandPlace | undefined,
): Promise<BatchTarget[]> {
  const [commands, refusals] = await Promise.all([
    listCommandsOf(openDb(env.DB), id, limit, after),
    batchObject(env, id).refusals(limit, after ?? ["", ""]),
  ]);
  const targets: BatchTarget[] = [
    ...commands.map(({ deviceId, userId, state, error, finishedAt }) => ({
      ...{ deviceId, userId, state, reason: null, detail: error, finishedAt },
    })),
    ...refusals.map(({ device_id, user_id, reason, detail, at }) => ({
      ...{ deviceId: device_id, userId: user_id, state: "refused" as const, reason, detail, finishedAt: at },
    })),
  ];
  return targets.sort(byChannel).slice(0, limit);
}

// SQLite orders text by its bytes.
const byChannel = (a: BatchTarget, b: BatchTarget): number =>
  Buffer.compare(Buffer.from(a.deviceId), Buffer.from(b.deviceId)) ||
  Buffer.compare(Buffer.from(a.userId), Buffer.from(b.userId));
