import type { Bytes } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { questionsFor } from "../inventory/questions.ts";
import { planRound } from "../inventory/schedule.ts";
import { writePlist } from "../plist/write.ts";
import { type CommandHeader, type CommandRefusal, enqueue } from "./command-desk.ts";
import { contextOf } from "./context.ts";
import { type DeviceDescription, describe } from "./description.ts";
import type { Desk } from "./desk.ts";
import type { TakeTurn } from "./perform.ts";
import { routineOrigin } from "./routine.ts";
import type { Vault } from "./vault.ts";

/** Asking a device for its inventory: when it is its turn, and when somebody wants it now. */
export type Question = { requestType: string; uuid: string; body: Bytes };

export type Asked = {
  asked: CommandHeader[];
  /** What waits already, and was not asked once more. */
  waiting: string[];
};

export type InventorySettings = {
  inventory_interval_hours: number;
  inventory_lists_every: number;
  inventory_at_enrollment: boolean;
};

/** All that waits. */
export async function prepareQuestions(
  vault: Vault,
  userId: string,
  known: DeviceDescription,
  lists = true,
): Promise<Question[]> {
  const questions = await questionsFor(contextOf(userId, known), lists);
  return Promise.all(
    questions.map(async ({ requestType, payload }) => {
      const uuid = crypto.randomUUID().toUpperCase();
      const body = writePlist({ Command: { RequestType: requestType, ...payload }, CommandUUID: uuid });
      return { requestType, uuid, body: await vault.sealCommand(uuid, body) };
    }),
  );
}

/** Rounds never pile up: a question that the device has yet to answer, whoever asked it, is not asked again. */
export function askQuestions(
  desk: Desk,
  questions: readonly Question[],
  { userId, origin }: { userId: string; origin: string },
): Result<Asked, CommandRefusal> {
  const { store } = desk;
  const result: Asked = { asked: [], waiting: [] };
  const inQueue = new Set(store.exists() ? store.queue(userId).map((row) => row.request_type) : []);
  for (const { requestType, uuid, body } of questions) {
    if (inQueue.has(requestType)) {
      result.waiting.push(requestType);
      continue;
    }
    const input = { uuid, userId, requestType, high: false, renewal: false, expiresAt: null };
    const queued = enqueue(desk, { ...input, origin, push: true, ifKnown: true }, body);
    if (!queued.ok) return queued;
    result.asked.push(queued.value);
  }
  return ok(result);
}

/** The device's turn has come: it is asked if the settings say so, and its next turn is planned. */
export async function takeRound(
  take: TakeTurn,
  vault: Vault,
  settings: InventorySettings,
  now: number,
): Promise<void> {
  const known = take(describe);
  if (known === undefined) return;
  const { lastRoundAt, deviceId } = take(({ store, deviceId }) => ({
    deviceId,
    lastRoundAt: store.device().inventory_round_at,
  }));
  const { inventory_interval_hours: intervalHours, inventory_lists_every: listsEvery } = settings;
  const { asks, asksLists, nextAt } = planRound(deviceId, { intervalHours, listsEvery }, lastRoundAt, now);
  const isFirst = lastRoundAt === null;
  const isAsked = isFirst ? settings.inventory_at_enrollment : asks;
  const questions = isAsked ? await prepareQuestions(vault, "", known, isFirst || asksLists) : [];
  take((desk) => {
    const { generation } = desk.store.device();
    // It enrolled anew meanwhile: that enrollment has a first round of its own.
    if (generation !== known.generation) return;
    askQuestions(desk, questions, { userId: "", origin: routineOrigin });
    desk.store.setDevice({
      inventory_due_at: nextAt,
      ...((isAsked || isFirst) && { inventory_round_at: now }),
    });
  });
}

/** Somebody wants it now. */
export async function askNow(
  take: TakeTurn,
  vault: Vault,
  userId: string,
  origin: string,
): Promise<Result<Asked, CommandRefusal>> {
  const known = take(describe);
  const unknown = { reason: "unknown-device", detail: "no such device is known" } as const;
  if (known === undefined) return refuse(unknown);
  const questions = await prepareQuestions(vault, userId, known);
  return take((desk) => askQuestions(desk, questions, { userId, origin }));
}
