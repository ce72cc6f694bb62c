// What the address says against what the API is asked.
import type { Operations } from "../../../../client/api.d.ts";

export type DeviceQuery = NonNullable<Operations["get"]["/devices"]["query"]>;

/** Named as the API names them. */
const passed = [
  "search",
  "state",
  "platform",
  "encrypted",
  "lost_mode",
  "failed",
  "tag",
  "set",
  "app",
  "user_email",
  "user_department",
  "person",
  "attribute",
  "serial",
  "kind",
  "os_min",
  "os_max",
  "supervised",
  "passcode_present",
  "passcode_compliant",
  "activation_lock",
  "seen_before",
  "seen_after",
  "sort",
] as const satisfies readonly (keyof DeviceQuery)[];

/** Those that narrow the list. */
export const narrowing: readonly string[] = [...passed.filter((name) => name !== "sort"), "seen"];

const hourMs = 60 * 60 * 1000;

/**
 * `seen` is a span and not a time, so that a view that was saved stays true: `7d`, seen in the last 7 days; `-7d`, not
 * seen for 7 days. By the hour, because that is how exactly the server knows it, and so that the list is not read again
 * for each second.
 */
export function asked(address: URLSearchParams, now: number): DeviceQuery {
  const named = passed.map((name) => [name, address.get(name) ?? undefined]);
  const span = /^(-?)([1-9]\d{0,3})d$/.exec(address.get("seen") ?? "");
  if (span === null) return Object.fromEntries(named) as DeviceQuery;
  const hour = Math.floor(now / hourMs) * hourMs;
  const since = new Date(hour - Number(span[2]) * 24 * hourMs).toISOString();
  return {
    ...Object.fromEntries(named),
    [span[1] === "-" ? "seen_before" : "seen_after"]: since,
  } as DeviceQuery;
}
