import { removeDevice } from "../db/devices.ts";
import { openDb } from "../db/open.ts";
import { archiveEscrow } from "./archive.ts";
import { emptyOutbox } from "./outbox.ts";
import { type Office, perform } from "./perform.ts";

/** Everything escrowed, or still to be, goes to the archive by serial number; the directory has heard all there is to hear. */
export async function keepForGood(office: Office): Promise<void> {
  await learnAll(office);
  const { store, env, deviceId } = office;
  await archiveEscrow(env, deviceId, store);
  const fault = await emptyOutbox(store, env, deviceId, Date.now);
  if (fault !== undefined) throw fault;
}

export const forgetInDirectory = (env: Env, deviceId: string): Promise<void> =>
  removeDevice(openDb(env.DB), deviceId, Date.now());

/** What an answer of a moment ago holds may belong in escrow. */
async function learnAll(office: Office): Promise<void> {
  const { store } = office;
  const afterAllRetries = Date.now() + 24 * 3_600_000;
  while (store.lessonsDue(afterAllRetries, 1).length > 0) {
    await perform("lessons", office, afterAllRetries);
  }
  if (store.lessonsDue(Number.MAX_SAFE_INTEGER, 1).length > 0) {
    throw new Error("an answer that may hold a secret could not be read; nothing is forgotten yet");
  }
}
