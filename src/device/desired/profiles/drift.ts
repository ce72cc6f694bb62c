import { day } from "../../../base/time.ts";
import type { AnsweredList, Item } from "../../../mdm/inventory/inventory-facts.ts";
import type { ProfileRow } from "../../store/profiles.ts";
import type { UnreadResultRow } from "../../store/rows.ts";
import type { Turn } from "../../turn.ts";
import { requestReconcile } from "../request-reconcile.ts";
import { profileChange, profileEvent, profileGone } from "./tell.ts";

/**
 * Compares the profiles that a device lists with those it took from us. A missing or different profile is installed
 * again, but only a few times a day, because the person who removes it may do so again and again.
 * https://developer.apple.com/documentation/devicemanagement/profilelistresponse
 */
export type Listed = { uuid: string | undefined; byDeclaration: boolean };

export type Drift =
  | { found: "as-told" | "gone-as-wanted" }
  | { found: "drift"; what: "missing" | "another"; row: ProfileRow; givenUp: boolean };

const mostRepairs = 3;

/** Pure. `listed` is undefined if the device does not list it. */
export function findDrift(row: ProfileRow, listed: Listed | undefined, now: number): Drift {
  if (listed?.uuid === row.installed_uuid && listed !== undefined) return { found: "as-told" };
  // While it is being removed, we do not judge another profile in its place.
  if (row.wish === "gone") return { found: listed === undefined ? "gone-as-wanted" : "as-told" };
  const what = listed === undefined ? "missing" : "another";
  const isRecent = row.repairs_since !== null && row.repairs_since + day > now;
  const since = isRecent && row.repairs_since !== null ? row.repairs_since : now;
  const repairs = isRecent ? row.repairs : 0;
  const nothingThere = { installed: null, installed_version: null, installed_uuid: null, installed_at: null };
  const base = { ...row, ...nothingThere, repairs_since: since };
  const tried = { tried: row.digest, attempts: 0 };
  if (listed?.byDeclaration) {
    const reason = "a declaration has put a profile with this identifier in its place";
    const next = { ...base, ...tried, repairs, state: "failed" as const, reason, retry_at: null };
    return { found: "drift", what, row: next, givenUp: true };
  }
  if (repairs >= mostRepairs) {
    const reason = `it was installed again ${repairs} times within a day, and is ${what} again`;
    const next = { ...base, ...tried, repairs, state: "failed" as const, reason, retry_at: since + day };
    return { found: "drift", what, row: next, givenUp: true };
  }
  const reason = `the device listed it as ${what}`;
  const next = {
    ...base,
    repairs: repairs + 1,
    state: "pending" as const,
    reason,
    tried: null,
    retry_at: null,
  };
  return { found: "drift", what, row: next, givenUp: false };
}

/** A list that was requested before a profile was installed does not have it. */
export function compareProfiles(
  turn: Turn,
  { user_id, sent_at, queued_at }: Pick<UnreadResultRow, "user_id" | "sent_at" | "queued_at">,
  { items, total }: Pick<AnsweredList, "items" | "total">,
): void {
  const { store, now, tell } = turn;
  const asOf = sent_at ?? queued_at;
  const isWhole = items.length >= total;
  const listed = new Map(items.map(([, item]) => [item.identifier, listedAs(item)]));
  for (const row of store.profiles(user_id)) {
    const found = listed.get(row.identifier);
    const isSettled = row.installed_at !== null && row.installed_at < asOf && row.command_uuid === null;
    if (!isSettled || (found === undefined && !isWhole)) continue;
    const drift = findDrift(row, found, now);
    if (drift.found === "gone-as-wanted") {
      store.dropProfile(row);
      tell(profileEvent("profile.removed", row, profileGone(row)));
    } else if (drift.found === "drift") {
      const { row: next, what, givenUp } = drift;
      store.putProfile(next);
      const detail = { found: what, repairs: next.repairs, given_up: givenUp };
      tell(profileEvent("profile.drifted", next, profileChange(next), detail));
      if (!givenUp) requestReconcile(turn);
    }
  }
}

const listedAs = ({ uuid, source }: Item): Listed => ({
  uuid: typeof uuid === "string" ? uuid : undefined,
  byDeclaration: typeof source === "string" && /declarative/i.test(source),
});
