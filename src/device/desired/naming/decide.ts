import type { CannotBeNamed, WantedName } from "../../../assignment/device-name.ts";
import { day } from "../../../base/time.ts";
import type { NameRow } from "../../store/naming.ts";
import { namingFailed, withoutCommand } from "./failure.ts";

/**
 * What to do about the name of a device, decided only from values: what it should be called, what it says it is called,
 * and the command in progress.
 *
 * The surprise: a person may change the name of some devices again and again. It is repaired a few times a day and not more.
 */
export type Naming = {
  wanted: WantedName | undefined;
  cannot: CannotBeNamed | undefined;
  /** What the device says. */
  reported: string | undefined;
  standing: Standing;
};

/** The command in progress. `held`: the device has fetched it. `lost`: it left the queue, and nothing was read of it. */
export type Standing = "none" | "waiting" | "held" | "lost";

export type NamingDecision = {
  /** Undefined: no set names the device; it keeps the name that it has. */
  row: NameRow | undefined;
  /** The command in progress is not needed any more, and can still be cancelled. */
  cancels: boolean;
  sends: string | undefined;
  /** It has another name than the one that it took from us. */
  drift: { repairs: number; givenUp: boolean } | undefined;
};

const mostRepairs = 3;

const newRow: NameRow = {
  ...{ wish: null, set_name: "", others: "[]", state: "pending", reason: null },
  ...{ command_uuid: null, brings: null, applied: null },
  ...{ tried: null, attempts: 0, retry_at: null, repairs: 0, repairs_since: null },
};

const untroubled = { tried: null, attempts: 0, retry_at: null, reason: null };

export function decideNaming(known: NameRow | undefined, naming: Naming, now: number): NamingDecision {
  const { wanted, cannot, standing } = naming;
  const isWaiting = standing === "waiting";
  if (wanted === undefined) return nothing(undefined, isWaiting);
  const before = standing === "lost" && known ? lost(known, now) : (known ?? newRow);
  const row = { ...before, set_name: wanted.set, others: JSON.stringify(wanted.others) };
  const idle = isWaiting ? withoutCommand : {};
  if (!("name" in wanted)) {
    const reason = `there is no value for ${wanted.missing.join(", ")}`;
    const next = { ...row, ...idle, ...untroubled, wish: null, state: "withheld" as const, reason };
    return nothing(next, isWaiting);
  }
  if (wanted.name === "") {
    const reason = "nothing is left of the name when its variables are filled in";
    return nothing({ ...row, ...idle, ...untroubled, wish: null, state: "withheld", reason }, isWaiting);
  }
  const named = { ...row, wish: wanted.name };
  if (cannot) {
    const state = cannot.waits ? ("pending" as const) : ("not_applicable" as const);
    return nothing({ ...named, ...idle, ...untroubled, state, reason: cannot.reason }, isWaiting);
  }
  return decideWanted(named, wanted.name, naming, now);
}

function decideWanted(
  row: NameRow,
  name: string,
  { reported, standing }: Naming,
  now: number,
): NamingDecision {
  const isUnderWay = standing === "waiting" || standing === "held";
  if (isUnderWay && (row.brings === name || standing === "held"))
    return nothing({ ...row, state: "pending" }, false);
  const cancels = standing === "waiting";
  const free = { ...row, ...withoutCommand };
  if (reported === name) return nothing({ ...free, ...untroubled, applied: name, state: "named" }, cancels);
  if (free.tried === name) {
    const isDue = free.retry_at !== null && free.retry_at <= now;
    return isDue
      ? send({ ...free, state: "pending", ...(free.repairs >= mostRepairs && forgiven) }, name, cancels)
      : nothing({ ...free, state: "failed" }, cancels);
  }
  if (free.applied !== name)
    return send({ ...free, ...untroubled, ...forgiven, state: "pending" }, name, cancels);
  return repair(free, name, cancels, now);
}

const forgiven = { repairs: 0, repairs_since: null };

/** It had the name, and has another one. */
function repair(row: NameRow, name: string, cancels: boolean, now: number): NamingDecision {
  const isRecent = row.repairs_since !== null && row.repairs_since + day > now;
  const since = isRecent && row.repairs_since !== null ? row.repairs_since : now;
  const repairs = isRecent ? row.repairs : 0;
  if (repairs >= mostRepairs) {
    const reason = `it was named again ${repairs} times within a day, and has another name again`;
    const next = { ...row, state: "failed" as const, reason, tried: name, retry_at: since + day };
    return { ...nothing(next, cancels), drift: { repairs, givenUp: true } };
  }
  const reason = "the device has another name";
  const next = { ...row, state: "pending" as const, reason, repairs: repairs + 1, repairs_since: since };
  return { ...send(next, name, cancels), drift: { repairs: repairs + 1, givenUp: false } };
}

const nothing = (row: NameRow | undefined, cancels: boolean): NamingDecision => ({
  row,
  cancels,
  sends: undefined,
  drift: undefined,
});

const send = (row: NameRow, name: string, cancels: boolean): NamingDecision => ({
  row,
  cancels,
  sends: name,
  drift: undefined,
});

const lost = (row: NameRow, now: number): NameRow =>
  namingFailed(row, { repeatable: true, error: "nothing could be read of what the device answered" }, now);

/** The device took the name. */
export const nowNamed = (row: NameRow): NameRow => ({
  ...row,
  ...withoutCommand,
  ...untroubled,
  applied: row.brings,
  state: row.brings === row.wish ? "named" : "pending",
});
