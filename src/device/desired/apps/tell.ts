import type { AppChange, NewEvent } from "../../../events/event.ts";
import { lookAtSetup } from "../../setup/settle.ts";
import type { AppRow } from "../../store/apps.ts";
import type { Turn } from "../../turn.ts";
import { withStand } from "./stand.ts";

/** What tells the directory, and people, the state of an app. */
export const appChange = (row: AppRow): AppChange => ({
  name: row.name,
  state: row.state,
  reason: row.reason,
  since: row.since,
  version: row.version,
  managedBy: row.channel,
  identifier: row.identifier,
  installedVersion: row.installed_version,
});

export const appGone = ({ name }: AppRow): AppChange => ({ name, state: null });

/** Stores the row with its state; undefined: it is dropped. An event says what changed for others. */
export function putAndTell(turn: Turn, before: AppRow | undefined, row: AppRow | undefined): void {
  const change = put(turn, before, row);
  if (change !== undefined) turn.tell(eventOf([change], before, row));
}

/** Many in one event. */
export function putAndTellAll(
  turn: Turn,
  rows: readonly (readonly [before: AppRow | undefined, row: AppRow | undefined])[],
): void {
  const changes = rows.flatMap(([before, row]) => put(turn, before, row) ?? []);
  const [only] = rows;
  if (changes.length > 0) turn.tell(rows.length === 1 && only ? eventOf(changes, ...only) : changed(changes));
}

function put(turn: Turn, before: AppRow | undefined, row: AppRow | undefined): AppChange | undefined {
  const { store, now } = turn;
  if (row === undefined) {
    if (before === undefined) return undefined;
    store.dropApp(before.name);
    lookAtSetup(turn, "");
    return appGone(before);
  }
  const next = withStand(row, now);
  if (JSON.stringify(next) !== JSON.stringify(before)) store.putApp(next);
  const told = before && JSON.stringify(appChange(before));
  const change = appChange(next);
  if (JSON.stringify(change) === told) return undefined;
  lookAtSetup(turn, "");
  return change;
}

const named = { installed: "app.installed", failed: "app.failed" } as const;

function eventOf(changes: AppChange[], before: AppRow | undefined, row: AppRow | undefined): NewEvent {
  const [change] = changes;
  const app = row?.name ?? before?.name ?? "";
  const isGone = change?.state === null;
  if (isGone && before?.channel)
    return { name: "app.removed", detail: { app }, change: { managedApps: changes } };
  if (!change || change.state === null || change.state === before?.state) return changed(changes);
  const { state, reason, installedVersion } = change;
  if (state !== "installed" && state !== "failed") return changed(changes);
  return {
    name: named[state],
    detail: { app, reason, version: installedVersion },
    change: { managedApps: changes },
  };
}

const changed = (changes: AppChange[]): NewEvent => {
  const count = (state: AppChange["state"]) => changes.filter((change) => change.state === state).length;
  return {
    name: "apps.changed",
    detail: {
      pending: count("pending"),
      installed: count("installed"),
      removing: count("removing"),
      failed: count("failed"),
    },
    change: { managedApps: changes },
  };
};
