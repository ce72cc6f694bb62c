import type { NewEvent, ProfileChange } from "../../../events/event.ts";
import type { ProfileRow } from "../../store/profiles.ts";

/** How the directory hears of a profile's state, with the event that tells people. */
export const profileChange = (row: ProfileRow): ProfileChange => ({
  userId: row.user_id,
  identifier: row.identifier,
  state: row.state,
  reason: row.reason,
  version: row.version,
});

/** It is neither there nor should be. */
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
