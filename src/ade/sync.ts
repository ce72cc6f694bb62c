import { mostDevicesPerCall } from "./account.ts";
import { type AdeCall, fetchDevicesCall, syncDevicesCall } from "./calls.ts";
import { type AdeDevice, type DevicePage, timeOf } from "./device.ts";
import { type AdeRefusal, refusalWithout } from "./refusals.ts";

/**
 * How the devices of a server are followed: once all of them, page by page, then what changed since.
 * https://developer.apple.com/documentation/devicemanagement/sync-the-list-of-devices
 *
 * Leaves to others: the calls, and storing. Each step's devices and its state belong into one transaction: a run that
 * is cut off goes on where it was, and no device is lost between.
 *
 * The surprise: an error about a cursor is part of the protocol, not trouble.
 */
export type SyncPosition = {
  mode: "fetch" | "sync";
  cursor: string | undefined;
  /** Devices of the account that were not seen since then are gone, when the fetch is through. */
  fetchStartedAt: number;
};

export type SyncRun = SyncPosition & {
  pages: number;
  /** A run starts over for a bad cursor once at most. */
  isRestarted: boolean;
};

export type SyncStep = {
  run: SyncRun;
  /** To save together with the run's position: each serial number once. */
  devices: AdeDevice[];
  /** A fetch is through: devices not seen since then are gone. */
  unseenSince: number | undefined;
  next: "more" | "done" | "stop";
  /** Why it stopped. */
  refusal: AdeRefusal | undefined;
};

/** A million devices in one run: a service that never ends is stopped, and one with more goes on in the next run. */
const mostPages = 1000;

/** `kept` is where the last run stood; `full` begins with all devices. */
export const startRun = (kept: SyncPosition | undefined, now: number, full = false): SyncRun => ({
  ...(kept && !full ? kept : fromTheStart(now)),
  pages: 0,
  isRestarted: false,
});

const fromTheStart = (now: number): SyncPosition => ({
  mode: "fetch",
  cursor: undefined,
  fetchStartedAt: now,
});

export const nextCall = ({ mode, cursor }: SyncRun, limit = mostDevicesPerCall): AdeCall<DevicePage> =>
  mode === "sync" && cursor !== undefined ? syncDevicesCall(cursor, limit) : fetchDevicesCall(cursor, limit);

const step = (run: SyncRun, next: SyncStep["next"], more: Partial<SyncStep> = {}): SyncStep => ({
  run,
  devices: [],
  unseenSince: undefined,
  next,
  refusal: undefined,
  ...more,
});

export function afterPage(run: SyncRun, page: DevicePage, now: number): SyncStep {
  const devices = newestOfEach(page.devices);
  const moved: SyncRun = { ...run, cursor: page.cursor, pages: run.pages + 1 };
  if (page.more_to_follow && page.cursor === run.cursor) {
    // To go on from here would end here again.
    const detail = "Apple said that more follows, and gave the same cursor again";
    return step({ ...moved, ...fromTheStart(now) }, "stop", {
      devices,
      refusal: refusalWithout("endless", detail),
    });
  }
  if (page.more_to_follow && moved.pages >= mostPages) {
    const detail = `Apple said that more follows after ${moved.pages} pages; the next run goes on there`;
    return step(moved, "stop", { devices, refusal: refusalWithout("endless", detail) });
  }
  if (page.more_to_follow) return step(moved, "more", { devices });
  if (run.mode === "sync") return step(moved, "done", { devices });
  // What changed while all were fetched comes with the first delta.
  return step({ ...moved, mode: "sync" }, "more", { devices, unseenSince: run.fetchStartedAt });
}

export function afterRefusal(run: SyncRun, refusal: AdeRefusal, now: number): SyncStep {
  switch (refusal.reason) {
    case "cursor-exhausted":
      // Nothing is said to be gone: that all was delivered is no list of all.
      return run.mode === "sync" ? step(run, "done") : step({ ...run, mode: "sync" }, "more");
    case "cursor-expired":
    case "cursor-invalid": {
      const fresh: SyncRun = { ...run, ...fromTheStart(now), isRestarted: true };
      return run.isRestarted ? step(fresh, "stop", { refusal }) : step(fresh, "more");
    }
    default:
      return step(run, "stop", { refusal });
  }
}

/** A page may hold a serial number several times: what happened to it last counts. */
export function newestOfEach(devices: readonly AdeDevice[]): AdeDevice[] {
  const newest = new Map<string, AdeDevice>();
  for (const device of devices) {
    const other = newest.get(device.serial_number);
    if (!other || !isOlder(device, timeOf(other.op_date))) newest.set(device.serial_number, device);
  }
  return [...newest.values()];
}

/** `ignore`: what is stored is newer. `remove`: it is no longer this server's; what was escrowed for it stays. */
export type SaveDecision = "save" | "remove" | "ignore";

/** `storedOpDate`: when what is stored of this device happened, if that is known. */
export function decideSave(device: AdeDevice, storedOpDate: number | undefined): SaveDecision {
  if (isOlder(device, storedOpDate)) return "ignore";
  return device.op_type === "deleted" ? "remove" : "save";
}

/** A device of a full fetch says no time: it is as it is now. */
function isOlder({ op_date }: AdeDevice, than: number | undefined): boolean {
  const at = timeOf(op_date);
  return at !== undefined && than !== undefined && at < than;
}
