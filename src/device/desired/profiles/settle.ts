import type { ProfileRow } from "../../store/profiles.ts";
import type { FinishedState, QueueRow } from "../../store/rows.ts";
import type { Turn } from "../../turn.ts";
import { requestReconcile } from "../request-reconcile.ts";
import { afterCommand } from "./decide.ts";
import { profileChange, profileEvent, profileGone } from "./tell.ts";

export const changesProfiles = (requestType: string): boolean =>
  requestType === "InstallProfile" || requestType === "RemoveProfile";

/** A command of a profile has ended: the new state of the profile is stored in the same turn. */
export function settleProfile(
  turn: Turn,
  command: Pick<QueueRow, "user_id" | "uuid">,
  state: FinishedState,
  error: string | null,
): void {
  const { store, now, tell } = turn;
  // Most such commands come from administrators and concern no set.
  const row = store.profileOfCommand(command.user_id, command.uuid);
  if (row === undefined) return;
  const isRemoval = row.brings === null;
  const acknowledged = state === "acknowledged" || (isRemoval && isAbsent(error));
  // The device would not understand the same command the next time either.
  const repeatable = state !== "format_error";
  const next = afterCommand(
    row,
    { acknowledged, repeatable, error: error ?? `the command is ${state}` },
    now,
  );
  if (next === undefined) {
    store.dropProfile(row);
    tell(profileEvent("profile.removed", row, profileGone(row)));
    return;
  }
  store.putProfile(next);
  const change = profileChange(next);
  if (!acknowledged) {
    const retry = next.retry_at === null ? null : new Date(next.retry_at).toISOString();
    tell(
      profileEvent("profile.failed", next, change, {
        reason: next.reason,
        attempt: next.attempts,
        retry_at: retry,
      }),
    );
  } else if (isRemoval) tell(profileEvent("profile.removed", next, change));
  else tell(profileEvent("profile.installed", next, change));
  // In the meantime another content is wanted, or it is to be removed, or it is to be tried again.
  if (next.state === "pending" || next.state === "removing" || letsGo(turn, next)) requestReconcile(turn);
  else turn.plan();
}

/** A profile was to stay until this one is installed (`stayFor`). */
const letsGo = ({ store }: Turn, { user_id, connectivity, state }: ProfileRow): boolean =>
  connectivity !== "" &&
  state === "installed" &&
  store.profiles(user_id).some(({ wish, command_uuid }) => wish === "gone" && command_uuid === null);

/** The error codes of devices when there is nothing to remove. */
const isAbsent = (error: string | null): boolean => /\bMDMErrorDomain 12075\b/.test(error ?? "");
