import type { AppChannel } from "../../../apps/app.ts";
import type { AppState } from "../../../apps/states.ts";
import type { Store } from "../../store/store.ts";

/** The apps of the library that a device should have by its sets, or still has from them, with their state. */
export type AssignedApp = {
  name: string;
  version: number;
  state: AppState;
  since: number;
  reason: string | null;
  managedBy: AppChannel | null;
  identifier: string | null;
  installedVersion: string | null;
  commandUuid: string | null;
  attempts: number;
  retryAt: number | null;
};

export const describeApps = (store: Store): AssignedApp[] =>
  store.apps().map((row) => ({
    name: row.name,
    version: row.version,
    state: row.state,
    since: row.since,
    reason: row.reason,
    managedBy: row.channel,
    identifier: row.identifier,
    installedVersion: row.installed_version,
    commandUuid: row.command_uuid,
    attempts: row.attempts,
    retryAt: row.retry_at,
  }));
