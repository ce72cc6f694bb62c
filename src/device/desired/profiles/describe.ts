import type { ProfileState } from "../../store/profiles.ts";
import type { Store } from "../../store/store.ts";

/** The profiles that a device should have by its sets, with their state. */
export type AssignedProfile = {
  userId: string;
  identifier: string;
  version: number;
  state: ProfileState;
  reason: string | null;
  installedVersion: number | null;
  installedAt: number | null;
  commandUuid: string | null;
  attempts: number;
  retryAt: number | null;
  repairs: number;
};

export type AssignedProfiles = {
  /** When it next compares its profiles with what it should have; null: nothing has changed since the last time. */
  looksAt: number | null;
  profiles: AssignedProfile[];
};

export function describeProfiles(store: Store): AssignedProfiles {
  const rows = store.channels().flatMap(({ user_id }) => store.profiles(user_id));
  return {
    looksAt: store.device().intent_due_at,
    profiles: rows.map((row) => ({
      userId: row.user_id,
      identifier: row.identifier,
      version: row.version,
      state: row.state,
      reason: row.reason,
      installedVersion: row.installed_version,
      installedAt: row.installed_at,
      commandUuid: row.command_uuid,
      attempts: row.attempts,
      retryAt: row.retry_at,
      repairs: row.repairs,
    })),
  };
}
