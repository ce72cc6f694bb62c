import { Alarm } from "./alarm/alarm.ts";
import type { DutyContext } from "./alarm/duty-context.ts";
import { queuedEventMs } from "./alarm/outbox.ts";
import { Work } from "./alarm/work.ts";
import { Exchange } from "./exchange.ts";
import { deviceKeys } from "./sealing.ts";
import { deviceStore } from "./store/store.ts";
import { Turns } from "./turns.ts";
import { deviceVault } from "./vault.ts";

/** What a device's object is made of. `env` is read at each call: a test may replace it. */
export function assemble(ctx: DurableObjectState, env: () => Env) {
  const store = deviceStore(ctx.storage.sql);
  const deviceId = (): string => ctx.id.name ?? store.device().device_id;
  const queuedMs = (): number => queuedEventMs(env());
  const keys = deviceKeys(env, store);
  const vault = deviceVault(keys, deviceId());
  const alarm = new Alarm(ctx.storage, store);
  const turns = new Turns({ ctx, env, store, alarm, deviceId, queuedMs });
  const context = (): DutyContext => ({
    store,
    vault,
    env: env(),
    deviceId: deviceId(),
    takeTurn: (act) => turns.takeTurn(act),
    pushAgain: (wake) => turns.wake(wake, true),
  });
  const work = new Work({ store, keys, turns, alarm, context, queuedMs });
  const waitUntil = (promise: Promise<unknown>): void => ctx.waitUntil(promise);
  const exchange = new Exchange({ env, waitUntil, store, keys, vault, turns, work });

  /** The object has just been loaded: a newer version's steps are missing, and its alarm is not known yet. */
  async function wakeUp(): Promise<void> {
    if (!store.exists()) return;
    store.upgrade();
    await alarm.find();
    const isDelivering = alarm.comesWithin(Date.now(), queuedMs());
    if (!isDelivering && store.device().outbox_retry_at === null) turns.owesNothing();
  }

  return { store, keys, vault, alarm, turns, work, exchange, context, deviceId, wakeUp };
}

export type Parts = ReturnType<typeof assemble>;
