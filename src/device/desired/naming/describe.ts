import type { NameState } from "../../store/naming.ts";
import type { Store } from "../../store/store.ts";

/** How the device should be called by its sets, and how that stands. */
export type NamingDescription = {
  name: string | null;
  set: string;
  others: string[];
  state: NameState;
  reason: string | null;
  commandUuid: string | null;
  attempts: number;
  retryAt: number | null;
  repairs: number;
};

export function describeNaming(store: Store): NamingDescription | null {
  const row = store.naming();
  if (row === undefined) return null;
  return {
    name: row.wish,
    set: row.set_name,
    others: JSON.parse(row.others) as string[],
    state: row.state,
    reason: row.reason,
    commandUuid: row.command_uuid,
    attempts: row.attempts,
    retryAt: row.retry_at,
    repairs: row.repairs,
  };
}
