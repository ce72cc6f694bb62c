import { utf8 } from "../../base/bytes.ts";
import { buildTokensResponse } from "../../declarations/manifest.ts";
import { mayKnowDeclarations, platformOf } from "../../mdm/platform.ts";
import { writePlist } from "../../plist/write.ts";
import { enqueue } from "../command-desk.ts";
import type { Desk } from "../desk.ts";
import type { Office } from "../perform.ts";
import { declarationsOrigin } from "../routine.ts";
import type { DeclarativeState } from "../store/declarations.ts";
import type { Store } from "../store.ts";
import { factsOf } from "../turn.ts";

/**
 * A device is told that its declarations changed: by one command that waits, with the token in it. Where it does not
 * come for them after all, it is told again, ever less often, and in the end no more until they change.
 *
 * The surprise: an acknowledged command proves nothing. Only a fetched manifest, and what the device reports, does.
 */
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** From an answered command without a fetch to the next command. */
const waits = [10 * minute, hour, 6 * hour, day, day, 3 * day] as const;

const requestType = "DeclarativeManagement";

type Back = Pick<Office, "desk" | "vault">;

/** Queues the command, or gives the one that still waits the newest token: many changes make one synchronisation. */
export async function notify({ desk, vault }: Back, userId: string): Promise<void> {
  const told = desk(({ store }) => whatToTell(store, userId));
  if (told === undefined) return;
  const { token, token_at, uuid } = told;
  const Data = utf8(buildTokensResponse(token, token_at));
  const body = writePlist({ Command: { RequestType: requestType, Data }, CommandUUID: uuid });
  const sealed = await vault.sealCommand(uuid, body);
  desk((turn) => {
    const { store } = turn;
    const row = store.declarativeState(userId);
    // It changed meanwhile: whoever changed it tells of it.
    if (row?.token !== token || !isBehind(store, row)) return;
    const waiting = store.queuedByUuid(userId, uuid);
    if (waiting && waiting.state !== "sent") store.replaceQueueBody(waiting.id, sealed);
    else if (!queue(turn, userId, uuid, sealed)) {
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
  return { ...row, uuid: waiting?.uuid ?? crypto.randomUUID().toUpperCase() };
}

function queue(desk: Desk, userId: string, uuid: string, sealed: Uint8Array<ArrayBuffer>): boolean {
  const input = { uuid, userId, requestType, high: false, renewal: false, expiresAt: null };
  return enqueue(desk, { ...input, origin: declarationsOrigin, push: true, ifKnown: true }, sealed).ok;
}

/** Whether the device is to fetch a manifest, and can. */
function isBehind(store: Store, row: DeclarativeState): boolean {
  const { state, ending } = store.device();
  return (
    row.announced === 1 &&
    row.token !== row.fetched_token &&
    state === "enrolled" &&
    ending === 0 &&
    store.channel(row.user_id)?.enabled === 1 &&
    (row.spoke === 1 || mayBeDeclarative(store))
  );
}

/** As far as the device told what it is: an older system only answers that it does not know the command. */
export function mayBeDeclarative(store: Store): boolean {
  const { ProductName, Model, ModelName, OSVersion } = factsOf(store.device());
  return mayKnowDeclarations(platformOf([ProductName, Model, ModelName]), OSVersion);
}

/** When a channel is to be told, be it again; null when none is. */
export function notifyDueAt(store: Store): number | null {
  const times = store.declarativeStates().map((row) => dueAt(store, row));
  const due = times.filter((at) => at !== null);
  return due.length > 0 ? Math.min(...due) : null;
}

export const notificationsDue = (store: Store, now: number): string[] =>
  store
    .declarativeStates()
    .filter((row) => (dueAt(store, row) ?? Number.POSITIVE_INFINITY) <= now)
    .map(({ user_id }) => user_id);

function dueAt(store: Store, row: DeclarativeState): number | null {
  if (!isBehind(store, row) || row.nudges > waits.length) return null;
  // While the command waits, that is what the device is woken for.
  if (store.waitingOf(row.user_id, requestType, declarationsOrigin).length > 0) return null;
  return row.nudge_at ?? 0;
}

/** The command is over, as a rule because the device has answered it: it is given time to do what it said. */
export function planNudge(
  { store, now, plan }: Pick<Desk, "store" | "now"> & { plan: () => unknown },
  userId: string,
): void {
  const row = store.declarativeState(userId);
  if (row === undefined || row.announced === 0 || row.token === row.fetched_token) return;
  const wait = waits[Math.min(row.nudges, waits.length - 1)] ?? day;
  store.setDeclarative(userId, { nudges: row.nudges + 1, nudge_at: now + wait });
  plan();
}
