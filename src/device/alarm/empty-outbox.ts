import { causeMessage } from "../../base/cause.ts";
import { withDeadline } from "../../base/deadline.ts";
import { logFault } from "../../base/log.ts";
import { hour } from "../../base/time.ts";
import { isAnswering } from "../../db/answering.ts";
import { StorageUnavailable } from "../../db/fault.ts";
import { type Db, openDb } from "../../db/open.ts";
import { applyEvents } from "../../events/apply.ts";
import type { DeviceEvent } from "../../events/event.ts";
import { wakeListeners } from "../../events/listeners.ts";
import type { Store } from "../store/store.ts";
import { waitsForD1 } from "./schedule.ts";

/** What the alarm does with the outbox. It is loaded with the first alarm: an isolate that starts does not need it. */
const batchSize = 50;
/** A delivery that takes longer is repeated: the directory takes each event only once. */
const patienceMs = 30_000;
const firstRetryMs = 30_000;
const longestRetryMs = hour;
/** After a quarter of an hour of failures. */
const mostFailures = 5;

/** Spreads the retries, so that not all devices call at once when D1 is back. */
const spread = (waitMs: number): number => Math.round(waitMs * (1 + Math.random() / 4));

/** Delivers everything, batch by batch. After a fault it plans the next try and does not throw. */
export async function emptyOutbox(
  store: Store,
  env: Env,
  deviceId: string,
  now: () => number,
  asOf = now(),
): Promise<unknown> {
  const db = openDb(env.DB);
  try {
    for (let batch = store.outbox(batchSize); batch.length > 0; batch = store.outbox(batchSize)) {
      const listeners = await withDeadline(
        patienceMs,
        () =>
          store.device().outbox_failures >= mostFailures
            ? deliverSingly(store, db, deviceId, batch)
            : applyEvents(db, deviceId, batch),
        () => new StorageUnavailable(`D1 did not take events within ${patienceMs} ms`),
      );
      store.delivered(batch.at(-1)?.seq ?? 0);
      // The device's object must not wait longer for this.
      void wakeListeners(env, listeners);
    }
  } catch (fault) {
    // One try more, at the end of an exchange: the next one stays as it was planned.
    if (waitsForD1(store, asOf)) return fault;
    const failures = store.device().outbox_failures + 1;
    const wait = Math.min(firstRetryMs * 2 ** (failures - 1), longestRetryMs);
    store.setDevice({ outbox_failures: failures, outbox_retry_at: now() + spread(wait) });
    return fault;
  }
  if (store.device().outbox_failures > 0) store.setDevice({ outbox_failures: 0, outbox_retry_at: null });
  return undefined;
}

/**
 * One event that D1 always refuses would block all later ones. If D1 takes other statements, a note replaces the event.
 * The repair pass finds the change that the directory missed.
 */
async function deliverSingly(
  store: Store,
  db: Db,
  deviceId: string,
  batch: readonly DeviceEvent[],
): Promise<string[]> {
  const listeners: string[] = [];
  for (const event of batch) {
    try {
      listeners.push(...(await applyEvents(db, deviceId, [event])));
    } catch (fault) {
      if (!(await isAnswering(db))) throw fault;
      logFault("device.event_refused", fault, { device_id: deviceId, name: event.name });
      const reason = causeMessage(fault).slice(0, 500);
      const note = { seq: event.seq, at: event.at, name: "directory.refused" as const };
      await applyEvents(db, deviceId, [{ ...note, detail: { event: event.name, reason } }]);
    }
    store.delivered(event.seq);
  }
  return listeners;
}
