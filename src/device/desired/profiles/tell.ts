import type { NewEvent, ProfileChange } from "../../../events/event.ts";
import type { ProfileRow } from "../../store/profiles.ts";

/** The event that tells the directory, and people, the state of a profile. */
export const profileChange = (row: ProfileRow): ProfileChange => ({
  userId: row.user_id,
  identifier: row.identifier,
  state: row.state,
  reason: row.reason,
  version: row.version,
});

/** It is not installed and should not be. */
export const profileGone = ({ user_id, identifier }: ProfileRow): ProfileChange => ({
  userId: user_id,
  identifier,
  state: null,
});

export const profileEvent = (
  name: "profile.installed" | "profile.failed" | "profile.removed" | "profile.drifted",
  row: ProfileRow,
  change: ProfileChange,
  detail: NewEvent["detail"] = {},
): NewEvent => ({
  name,
  ...(row.user_id ? { userId: row.user_id } : {}),
  detail: { identifier: row.identifier, version: row.version, ...detail },
  change: { profiles: [change] },
});
