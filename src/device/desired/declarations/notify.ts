import { utf8 } from "../../../base/bytes.ts";
import { hour } from "../../../base/time.ts";
import { buildTokensResponse } from "../../../declarations/manifest.ts";
import type { DutyContext } from "../../alarm/duty-context.ts";
import { declarationsOrigin } from "../../queue/origins.ts";
import { newCommandUuid, queueOwnCommand, sealOwnCommand } from "../../queue/own-commands.ts";
import type { Store } from "../../store/store.ts";
import { isBehind, requestType } from "./notify-times.ts";

/**
 * Notifies a device that its declarations changed: with one waiting command that has the token in it. If it does not
 * fetch them, it is notified again at growing intervals, and at last only after they change.
 *
 * The surprise: an acknowledged command proves nothing. Only a fetched manifest and a report do.
 */

/** Queues the command, or puts the newest token into the waiting one: many changes make one synchronisation. */
export async function notify({ takeTurn, vault }: DutyContext, userId: string): Promise<void> {
  const told = takeTurn(({ store }) => whatToTell(store, userId));
  if (told === undefined) return;
  const { token, token_at, uuid } = told;
  const Data = utf8(buildTokensResponse(token, token_at));
  const command = await sealOwnCommand(vault, { RequestType: requestType, Data }, uuid);
  takeTurn((turn) => {
    const { store } = turn;
    const row = store.declarativeState(userId);
    // The set has changed in the meantime: that change notifies the device itself.
    if (row?.token !== token || !isBehind(store, row)) return;
    const waiting = store.queuedByUuid(userId, uuid);
    if (waiting && waiting.state !== "sent") store.replaceQueueBody(waiting.id, command.body);
    else if (!queueOwnCommand(turn, command, { userId, origin: declarationsOrigin, ifKnown: true }).ok) {
      // The queue is full: try again later.
      store.setDeclarative(userId, { nudge_at: turn.now + hour });
      return;
    }
    turn.wake(userId);
    turn.plan();
  });
}

function whatToTell(store: Store, userId: string) {
  const row = store.exists() ? store.declarativeState(userId) : undefined;
  if (row === undefined || !isBehind(store, row)) return undefined;
  // A command that the device has fetched had an older token; a device forgets one that it answered with NotNow.
  const waiting = store
    .waitingOf(userId, requestType, declarationsOrigin)
    .find((one) => one.state !== "sent");
  return { ...row, uuid: waiting?.uuid ?? newCommandUuid() };
}
