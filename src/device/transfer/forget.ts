import { day } from "../../base/time.ts";
import { removeDevice } from "../../db/devices.ts";
import { openDb } from "../../db/open.ts";
import type { DutyContext } from "../alarm/duty-context.ts";
import { emptyOutbox } from "../alarm/empty-outbox.ts";
import { runDuty } from "../alarm/run-duty.ts";
import { archiveEscrow } from "./archive-escrow.ts";

/** Archives everything that is or will be escrowed, by serial number, and delivers all events to the directory. */
export async function keepForGood(work: DutyContext): Promise<void> {
  await learnAll(work);
  const { store, env, deviceId } = work;
  await archiveEscrow(env, deviceId, store);
  const fault = await emptyOutbox(store, env, deviceId, Date.now);
  if (fault !== undefined) throw fault;
}

export const forgetInDirectory = (env: Env, deviceId: string): Promise<void> =>
  removeDevice(openDb(env.DB), deviceId, Date.now());

/** A recent answer may contain a secret for escrow. */
async function learnAll(work: DutyContext): Promise<void> {
  const { store } = work;
  const afterAllRetries = Date.now() + day;
  while (store.unreadResultsDue(afterAllRetries, 1).length > 0) {
    await runDuty("read-results", work, afterAllRetries);
  }
  if (store.unreadResultsDue(Number.MAX_SAFE_INTEGER, 1).length > 0) {
    throw new Error("an answer that may hold a secret could not be read; nothing is forgotten yet");
  }
}
