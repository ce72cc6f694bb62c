import { ok, type Result, refuse } from "../../base/result.ts";
import { questionsFor } from "../../inventory/questions.ts";
import { planRound } from "../../inventory/schedule.ts";
import type { TakeTurn } from "../alarm/duty-context.ts";
import { contextOf } from "../client/context.ts";
import { type DeviceDescription, describeDevice } from "../description.ts";
import type { CommandHeader, CommandRefusal } from "../queue/command-rpc.ts";
import { inventoryOrigin } from "../queue/origins.ts";
import { type OwnCommand, queueOwnCommand, sealOwnCommand } from "../queue/own-commands.ts";
import type { Turn } from "../turn.ts";
import type { Vault } from "../vault.ts";

/** Asks a device for its inventory: regularly, and when an administrator wants it now. */
export type Asked = {
  asked: CommandHeader[];
  /** What already waits and was not queued again. */
  waiting: string[];
};

export type InventorySettings = {
  inventory_interval_hours: number;
  inventory_lists_every: number;
  inventory_at_enrollment: boolean;
};

/** The part that awaits. */
export async function prepareQuestions(
  vault: Vault,
  userId: string,
  known: DeviceDescription,
  lists = true,
): Promise<OwnCommand[]> {
  const questions = await questionsFor(contextOf(userId, known), lists);
  return Promise.all(
    questions.map(({ requestType, payload }) =>
      sealOwnCommand(vault, { RequestType: requestType, ...payload }),
    ),
  );
}

/** Rounds never pile up: a question that still waits for its answer is not asked again. */
export function askQuestions(
  turn: Turn,
  questions: readonly OwnCommand[],
  { userId, origin }: { userId: string; origin: string },
): Result<Asked, CommandRefusal> {
  const { store } = turn;
  const result: Asked = { asked: [], waiting: [] };
  const inQueue = new Set(store.exists() ? store.queue(userId).map((row) => row.request_type) : []);
  for (const question of questions) {
    if (inQueue.has(question.requestType)) {
      result.waiting.push(question.requestType);
      continue;
    }
    const queued = queueOwnCommand(turn, question, { userId, origin, ifKnown: true });
    if (!queued.ok) return queued;
    result.asked.push(queued.value);
  }
  return ok(result);
}

/** A regular round is due: asks the device if the settings say so, and plans the next round. */
export async function takeRound(
  take: TakeTurn,
  vault: Vault,
  settings: InventorySettings,
  now: number,
): Promise<void> {
  const known = take(describeDevice);
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
  take((turn) => {
    const { generation } = turn.store.device();
    // The device enrolled again in the meantime: that enrollment has its own first round.
    if (generation !== known.generation) return;
    askQuestions(turn, questions, { userId: "", origin: inventoryOrigin });
    turn.store.setDevice({
      inventory_due_at: nextAt,
      ...((isAsked || isFirst) && { inventory_round_at: now }),
    });
  });
}

/** An administrator wants it now. */
export async function askNow(
  take: TakeTurn,
  vault: Vault,
  userId: string,
  origin: string,
): Promise<Result<Asked, CommandRefusal>> {
  const known = take(describeDevice);
  const unknown = { reason: "unknown-device", detail: "no such device is known" } as const;
  if (known === undefined) return refuse(unknown);
  const questions = await prepareQuestions(vault, userId, known);
  return take((turn) => askQuestions(turn, questions, { userId, origin }));
}
