import type { AppChannel } from "../../../apps/app.ts";
import type { Stand } from "../../../apps/states.ts";
import { day, hour, minute } from "../../../base/time.ts";
import type { AppAction, AppRow } from "../../store/apps.ts";

/**
 * What to do about one app of a device, decided only from values: what the device should have, what it was given, what it
 * says of it, and the command in progress. An app has one command at a time.
 */
export type Wish =
  | {
      is: "wanted";
      version: number;
      source: string;
      channel: AppChannel;
      identifier: string | null;
      licence: string | null;
      /** What a command would install; another one is installed over it. */
      digest: string;
      configuration: string | null;
      /** The store's newest version; null: it is not known, or the app is to stay as it is. */
      newest: string | null;
      /** Whether an update may begin now. */
      mayUpdate: boolean;
      /** A device that takes a configuration only with the command that installs. */
      isConfiguredByInstall: boolean;
      /** It stays when it is not wanted any more. */
      isKept: boolean;
    }
  /** It cannot be begun; what is there already stays. */
  | { is: "hindered"; version: number; source: string; licence: string | null; stand: Stand }
  | { is: "unwanted"; isKept: boolean };

export type Standing = "none" | "waiting" | "held";

export type Decision = {
  /** undefined: the row is deleted. */
  row: AppRow | undefined;
  does: AppAction | "look" | "free" | "nothing";
};

/** After each of these failures in a row it is tried again; then only after something changes. */
const rests = [10 * minute, hour, 6 * hour, day] as const;
/** The same for a declaration, which the device is made to read once more. */
const declaredRests = [hour, 6 * hour, day] as const;
/** After a command was taken, the device is asked what became of it. */
const looks = [minute, 3 * minute, 10 * minute, 30 * minute, 6 * hour, day, day, day] as const;

/** The setting says when the first of them is; the others come as much sooner or later. */
export const lookPace = ({ APP_LOOK_SECONDS }: Pick<Env, "APP_LOOK_SECONDS">): number =>
  (Number(APP_LOOK_SECONDS) || 60) / 60;

export const newRow = (name: string, source: string, now: number): AppRow => ({
  ...{ name, version: 0, wish: "have", source, channel: null, identifier: null, licence: null },
  ...{ state: "pending", reason: null, since: now, hindrance: null, digest: "", applied: null },
  ...{ configuration: null, applied_configuration: null, told: null, installed_version: null },
  ...{ external_version: null, newest_version: null, command_uuid: null, brings: null, error: null },
  ...{
    tried: null,
    attempts: 0,
    retry_at: null,
    look_at: null,
    looks: 0,
    taken_at: null,
    touches: 0,
    updated_to: null,
    kept: 0,
  },
});

export const withoutCommand = { command_uuid: null, brings: null };
export const untroubled = { error: null, tried: null, attempts: 0, retry_at: null };

/** Something of this server may be on the device. */
const isBegun = ({ channel }: AppRow): boolean => channel !== null;

export function decideApp(known: AppRow, wish: Wish, standing: Standing, now: number, pace = 1): Decision {
  // The queue does not know it any more.
  const row = standing === "none" ? { ...known, ...withoutCommand } : known;
  if (wish.is === "unwanted")
    return decideUnwanted({ ...row, wish: "gone" }, wish.isKept, standing, now, pace);
  // Under this name there is another app now: the old one goes first.
  if (row.source !== wish.source)
    return isBegun(row)
      ? decideUnwanted({ ...row, wish: "gone" }, false, standing, now, pace)
      : nothing({ ...row, source: wish.source });
  const { version, licence } = wish;
  const wanted: AppRow = { ...row, wish: "have", version, licence: licence ?? row.licence };
  if (wish.is === "hindered") {
    const hindered = { ...wanted, hindrance: JSON.stringify(wish.stand) };
    // A licence that was asked for before it was known that the app is not for this device.
    const isVain = wish.stand.state === "not_applicable" && licence === null && row.licence !== null;
    return isVain && !isBegun(row) ? { row: hindered, does: "free" } : nothing(hindered);
  }
  const { digest, configuration, newest: newest_version, identifier } = wish;
  return decideWanted(
    {
      ...wanted,
      ...{ hindrance: null, channel: wanted.channel ?? wish.channel, digest, configuration, newest_version },
      kept: wish.isKept ? 1 : 0,
      identifier: wanted.identifier ?? identifier,
    },
    wish,
    standing,
    now,
    pace,
  );
}

type Wanted = Extract<Wish, { is: "wanted" }>;

function decideWanted(row: AppRow, wish: Wanted, standing: Standing, now: number, pace: number): Decision {
  if (row.channel === "declarations") return decideDeclared(row, wish, now);
  if (standing !== "none") return nothing(row);
  const action = actionFor(row, wish);
  if (action === undefined) return isDue(row.look_at, now) ? look(row, now, pace) : nothing(row);
  const key = keyOf(action, row);
  if (row.tried !== key) return does(action, { ...row, ...untroubled });
  if (isDue(row.retry_at, now)) return does(action, row);
  return isDue(row.look_at, now) ? look(row, now, pace) : nothing(row);
}

function actionFor(row: AppRow, { mayUpdate, isConfiguredByInstall }: Wanted): AppAction | undefined {
  if (row.applied !== row.digest) return "install";
  if (row.applied_configuration !== row.configuration)
    return isConfiguredByInstall ? "install" : canName(row, "configure");
  return mayUpdate && isOutdated(row) ? "update" : undefined;
}

const canName = (row: AppRow, action: AppAction): AppAction | undefined =>
  row.identifier === null ? undefined : action;

/** The device has another version than the store. */
export const hasNewer = ({ newest_version, external_version }: AppRow): boolean =>
  newest_version !== null && external_version !== null && newest_version !== external_version;

/** And was not told to take this one. */
const isOutdated = (row: AppRow): boolean =>
  row.state === "installed" && hasNewer(row) && row.newest_version !== row.updated_to;

/** The device does it by itself. Where it failed for a while, or there is an update, it is made to look once more. */
function decideDeclared(row: AppRow, { mayUpdate }: Wanted, now: number): Decision {
  if (isDue(row.retry_at, now)) {
    const rest = declaredRests[row.attempts - 1];
    const retry_at = rest === undefined ? null : now + rest;
    return nothing({ ...row, retry_at, attempts: row.attempts + 1, touches: row.touches + 1 });
  }
  if (mayUpdate && isOutdated(row))
    return nothing({ ...row, updated_to: row.newest_version, touches: row.touches + 1 });
  return nothing(row);
}

function decideUnwanted(
  row: AppRow,
  isKept: boolean,
  standing: Standing,
  now: number,
  pace: number,
): Decision {
  const next: AppRow = { ...row, hindrance: null };
  if (!isBegun(row)) return licenceOf(next);
  if (row.channel === "declarations") return nothing(next);
  if (standing !== "none") return nothing(next);
  // It stays on the device, with its licence.
  if (isKept) return { row: undefined, does: "nothing" };
  // Nothing was installed, or it is there under a name that nobody told: it cannot be removed by command.
  if (row.identifier === null) return licenceOf(next);
  if (row.applied === removed) return isDue(row.look_at, now) ? look(next, now, pace) : nothing(next);
  if (row.tried !== keyOf("remove", row)) return does("remove", { ...next, ...untroubled });
  if (isDue(row.retry_at, now)) return does("remove", next);
  return isDue(row.look_at, now) ? look(next, now, pace) : nothing(next);
}

/** Marks in `applied` that the device took the command to remove it. */
export const removed = "removed";

/** It is gone from the device: its licence is given back, and then the row goes. */
export const licenceOf = (row: AppRow): Decision =>
  row.licence === null ? { row: undefined, does: "nothing" } : { row, does: "free" };

const keyOf = (action: AppAction, row: AppRow): string =>
  action === "update" ? `update ${row.newest_version}` : `${action} ${row.digest} ${row.configuration ?? ""}`;

/** The command is in the queue. */
export const underWay = (row: AppRow, uuid: string, brings: AppAction): AppRow => ({
  ...row,
  ...{ command_uuid: uuid, brings, retry_at: null, look_at: null, looks: 0 },
  ...(brings === "update" && { updated_to: row.newest_version }),
});

/** The device took the command in progress; what became of it, its lists say. */
export function taken(row: AppRow, now: number, pace = 1): AppRow {
  const look_at = now + looks[0] * pace;
  const next = { ...row, ...withoutCommand, ...untroubled, look_at, looks: 0, taken_at: now };
  switch (row.brings) {
    case "remove":
      // It goes at once: the device is asked while it is still connected, and its licence is not kept waiting.
      return { ...next, applied: removed, look_at: now, looks: -1 };
    case "configure":
      return { ...next, look_at: row.look_at, applied_configuration: row.configuration };
    case "install":
      return { ...next, applied: row.digest, applied_configuration: row.configuration, told: null };
    default:
      return next;
  }
}

/** It failed. Where time may help it is tried again, at growing intervals and few times. */
export function afterFailure(
  row: AppRow,
  {
    repeatable,
    error,
    action = row.brings ?? "install",
  }: { repeatable: boolean; error: string; action?: AppAction },
  now: number,
): AppRow {
  const tried = keyOf(action, row);
  const attempts = row.tried === tried ? row.attempts + 1 : 1;
  const rest = repeatable ? rests[attempts - 1] : undefined;
  return {
    ...row,
    ...withoutCommand,
    ...{ tried, attempts, error: error.slice(0, 1_000), look_at: null },
    retry_at: rest === undefined ? null : now + rest,
  };
}

function look(row: AppRow, now: number, pace: number): Decision {
  const wait = looks[row.looks + 1];
  return {
    row: { ...row, looks: row.looks + 1, look_at: wait === undefined ? null : now + wait * pace },
    does: "look",
  };
}

const isDue = (at: number | null, now: number): boolean => at !== null && at <= now;

const nothing = (row: AppRow): Decision => ({ row, does: "nothing" });
const does = (what: AppAction, row: AppRow): Decision => ({ row, does: what });
