import { hour } from "../../../base/time.ts";
import type { ProfileRow } from "../../store/profiles.ts";

/**
 * What to do about one profile of one channel, decided only from values: what the channel should have, what it took
 * from us, and the command in progress. Each profile has one command at a time.
 */
export type Wanted =
  /** `place`: everything that decides whether it fits there at all. */
  | { is: "wanted"; version: number; digest: string; place: string; connectivity: string }
  /** A value that it needs is missing. */
  | { is: "withheld"; missing: string; connectivity: string }
  | { is: "unwanted" };

/** The command in progress. `held`: the device has fetched it, and it cannot be cancelled. */
export type Standing = "none" | "waiting" | "held";

export type Decision = {
  /** Undefined: the row is deleted. */
  row: ProfileRow | undefined;
  /** The command in progress is not needed any more, and can still be cancelled. */
  cancels: boolean;
  does: "install" | "remove" | "nothing";
};

/** After each of these failures in a row it is tried again; then only after something changes. */
const rests = [hour, 6 * hour, 24 * hour] as const;

export const newRow = (user_id: string, identifier: string): ProfileRow => ({
  ...{ user_id, identifier, wish: "gone", digest: "", version: 0, state: "pending", reason: null },
  ...{ installed: null, installed_version: null, installed_uuid: null, installed_at: null },
  ...{ command_uuid: null, brings: null, brings_version: null, brings_uuid: null },
  ...{ tried: null, attempts: 0, retry_at: null, repairs: 0, repairs_since: null, connectivity: "" },
});

export const withoutCommand = { command_uuid: null, brings: null, brings_version: null, brings_uuid: null };
const untroubled = { tried: null, attempts: 0, retry_at: null, reason: null };

export function decideProfile(known: ProfileRow, wanted: Wanted, standing: Standing, now: number): Decision {
  // The queue does not know it any more.
  const row = standing === "none" ? { ...known, ...withoutCommand } : known;
  switch (wanted.is) {
    case "wanted": {
      const { version, digest, place, connectivity } = wanted;
      return decideWanted({ ...row, wish: "have", version, digest, connectivity }, place, standing, now);
    }
    case "withheld": {
      const reason = `there is no value for ${wanted.missing}`;
      const { connectivity } = wanted;
      const next = {
        ...{ ...row, ...untroubled, connectivity },
        ...{ wish: "withheld" as const, state: "failed" as const, reason },
      };
      const cancels = standing === "waiting";
      return { row: cancels ? { ...next, ...withoutCommand } : next, cancels, does: "nothing" };
    }
    case "unwanted":
      return decideUnwanted({ ...row, wish: "gone" }, standing, now);
  }
}

function decideWanted(row: ProfileRow, place: string, standing: Standing, now: number): Decision {
  if (standing !== "none") {
    if (row.brings === row.digest || standing === "held") return nothing({ ...row, state: "pending" });
    const rest = decideWanted({ ...row, ...withoutCommand }, place, "none", now);
    return { ...rest, cancels: true };
  }
  if (row.installed === row.digest) return nothing({ ...row, ...untroubled, state: "installed" });
  if (row.tried === fits(row.digest, place)) return nothing({ ...row, state: "not_applicable" });
  if (row.tried !== row.digest) return does("install", { ...row, ...untroubled, state: "pending" });
  return isDue(row, now)
    ? does("install", { ...row, state: "pending" })
    : nothing({ ...row, state: "failed" });
}

function decideUnwanted(row: ProfileRow, standing: Standing, now: number): Decision {
  if (standing !== "none") {
    if (row.brings === null || standing === "held") return nothing({ ...row, state: "removing" });
    const rest = decideUnwanted({ ...row, ...withoutCommand }, "none", now);
    return { ...rest, cancels: true };
  }
  if (row.installed === null) return { row: undefined, cancels: false, does: "nothing" };
  if (row.tried !== removal) return does("remove", { ...row, ...untroubled, state: "removing" });
  return isDue(row, now) ? does("remove", { ...row, state: "removing" }) : nothing(row);
}

/**
 * A profile that the device needs to reach the server stays until its successor is installed: of two mistakes, the old
 * network is the one from which the server can still be reached. Undefined: it has no successor that is missing.
 */
export function stayFor(
  row: ProfileRow,
  successors: readonly ProfileRow[],
  standing: Standing,
): Decision | undefined {
  const parts = partsOf(row);
  const missing = successors.find(
    (other) => other.state !== "installed" && partsOf(other).some((part) => parts.includes(part)),
  );
  if (row.installed === null || missing === undefined || standing === "held") return undefined;
  const cancels = standing === "waiting";
  const reason = `it stays until ${missing.identifier} is installed`;
  const next = {
    ...row,
    ...withoutCommand,
    ...untroubled,
    wish: "gone" as const,
    state: "removing" as const,
  };
  return { row: { ...next, reason }, cancels, does: "nothing" };
}

/** A certificate is not what takes the place of a network. */
const partsOf = ({ connectivity }: ProfileRow): string[] =>
  connectivity.split(" ").filter((part) => part !== "" && part !== "certificate");

const isDue = ({ retry_at }: ProfileRow, now: number): boolean => retry_at !== null && retry_at <= now;

/** Marks in `tried` a content that does not fit its place, until either changes. */
const fits = (digest: string, place: string): string => `${digest} ${place}`;

/** It is not for this channel: judged once, and again when the content or the place changes. */
export const notApplicable = (row: ProfileRow, place: string, reason: string): ProfileRow => ({
  ...row,
  ...{ tried: fits(row.digest, place), attempts: 0, retry_at: null, state: "not_applicable", reason },
});

/** The command is in the queue. */
export const underWay = (
  row: ProfileRow,
  uuid: string,
  brings: { digest: string; version: number; uuid: string } | null,
): ProfileRow => ({
  ...row,
  ...{ command_uuid: uuid, retry_at: null },
  ...{
    brings: brings?.digest ?? null,
    brings_version: brings?.version ?? null,
    brings_uuid: brings?.uuid ?? null,
  },
});

/** Marks a removal among the digests that were tried. */
export const removal = "removal";

const nothing = (row: ProfileRow): Decision => ({ row, cancels: false, does: "nothing" });
const does = (what: "install" | "remove", row: ProfileRow): Decision => ({ row, cancels: false, does: what });

/** The row after the command in progress has ended. Undefined: the profile is removed, and the row is deleted. */
export function afterCommand(
  row: ProfileRow,
  ending: { acknowledged: boolean; repeatable: boolean; error: string | null },
  now: number,
): ProfileRow | undefined {
  const isRemoval = row.brings === null;
  const next = { ...row, ...withoutCommand };
  if (!ending.acknowledged) return afterFailure(next, row.brings ?? removal, ending, now);
  if (isRemoval) {
    const nothingThere = {
      installed: null,
      installed_version: null,
      installed_uuid: null,
      installed_at: null,
    };
    return row.wish === "gone" ? undefined : { ...next, ...untroubled, ...nothingThere, state: "pending" };
  }
  const { brings: installed, brings_version: installed_version, brings_uuid: installed_uuid } = row;
  const taken = { ...next, ...untroubled, installed, installed_version, installed_uuid, installed_at: now };
  if (row.wish === "gone") return { ...taken, state: "removing" };
  if (row.wish === "withheld") return { ...taken, state: "failed", reason: row.reason };
  return { ...taken, state: installed === row.digest ? "installed" : "pending" };
}

/** The try failed; the intervals between tries grow, and there are few tries. */
export function afterFailure(
  row: ProfileRow,
  tried: string,
  { repeatable, error }: { repeatable: boolean; error: string | null },
  now: number,
): ProfileRow {
  const attempts = row.tried === tried ? row.attempts + 1 : 1;
  const rest = repeatable ? rests[attempts - 1] : undefined;
  return {
    ...row,
    ...{ tried, attempts, state: "failed", reason: (error ?? "the device gave no reason").slice(0, 1_000) },
    retry_at: rest === undefined ? null : now + rest,
  };
}
