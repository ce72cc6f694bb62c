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

export type TargetState = BatchTarget["state"];

/** All of them, or those in one state. */
export async function listBatchTargets(
  env: Env,
  id: string,
  limit: number,
  after: CommandPlace | undefined,
  state?: TargetState,
): Promise<{ rows: BatchTarget[]; stoppedAt: CommandPlace | undefined }> {
  const [{ rows: given, stoppedAt }, refused] = await Promise.all([
    state === "refused" ? none : listCommandsOf(openDb(env.DB), id, limit, after, state),
    state === undefined || state === "refused" ? batchObject(env, id).refusals(limit, after ?? ["", ""]) : [],
  ]);
  const targets: BatchTarget[] = [
    ...given.map(({ deviceId, userId, state, error, finishedAt }) => ({
      ...{ deviceId, userId, state, reason: null, detail: error, finishedAt },
    })),
    ...refused.map(({ device_id, user_id, reason, detail, at }) => ({
      ...{ deviceId: device_id, userId: user_id, state: "refused" as const, reason, detail, finishedAt: at },
    })),
  ];
  return { rows: targets.sort(byChannel).slice(0, limit), stoppedAt };
}

const none = { rows: [], stoppedAt: undefined };

// SQLite orders text by its bytes.
const byChannel = (a: BatchTarget, b: BatchTarget): number =>
  Buffer.compare(Buffer.from(a.deviceId), Buffer.from(b.deviceId)) ||
  Buffer.compare(Buffer.from(a.userId), Buffer.from(b.userId));
