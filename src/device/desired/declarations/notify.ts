import { utf8 } from "../../../base/bytes.ts";
import { hour } from "../../../base/time.ts";
import { buildTokensResponse } from "../../../declarations/manifest.ts";
import type { DutyContext } from "../../alarm/duty-context.ts";
import { declarationsOrigin } from "../../queue/origins.ts";
import { newCommandUuid, queueOwnCommand, sealOwnCommand } from "../../queue/own-commands.ts";
import type { Store } from "../../store/store.ts";
import { isBehind, requestType } from "./notify-times.ts";

/**
 * A device is told that its declarations changed: by one command that waits, with the token in it. Where it does not
 * come for them after all, it is told again, ever less often, and in the end no more until they change.
 *
 * The surprise: an acknowledged command proves nothing. Only a fetched manifest, and what the device reports, does.
 */

/** Queues the command, or gives the one that still waits the newest token: many changes make one synchronisation. */
export async function notify({ takeTurn, vault }: DutyContext, userId: string): Promise<void> {
  const told = takeTurn(({ store }) => whatToTell(store, userId));
  if (told === undefined) return;
  const { token, token_at, uuid } = told;
  const Data = utf8(buildTokensResponse(token, token_at));
  const command = await sealOwnCommand(vault, { RequestType: requestType, Data }, uuid);
  takeTurn((turn) => {
    const { store } = turn;
    const row = store.declarativeState(userId);
    // It changed meanwhile: whoever changed it tells of it.
    if (row?.token !== token || !isBehind(store, row)) return;
    const waiting = store.queuedByUuid(userId, uuid);
    if (waiting && waiting.state !== "sent") store.replaceQueueBody(waiting.id, command.body);
    else if (!queueOwnCommand(turn, command, { userId, origin: declarationsOrigin, ifKnown: true }).ok) {
      // Its queue is full: that takes a while.
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
  // One that the device has already told it of an older token; one that it put off, it has forgotten.
  const waiting = store
    .waitingOf(userId, requestType, declarationsOrigin)
    .find((one) => one.state !== "sent");
  return { ...row, uuid: waiting?.uuid ?? newCommandUuid() };
}
