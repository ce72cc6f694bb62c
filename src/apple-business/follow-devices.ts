import { devicesPerCall } from "../ade/account.ts";
import type { AdeClient } from "../ade/client.ts";
import { type AdeDevice, timeOf } from "../ade/device.ts";
import type { AdeRefusal } from "../ade/refusals.ts";
import {
  afterPage,
  afterRefusal,
  decideSave,
  nextCall,
  type SyncPosition,
  type SyncRun,
  type SyncStep,
} from "../ade/sync.ts";
import { type AdeAccountRow, setAccount } from "../db/ade-accounts.ts";
import {
  type KnownDevice,
  knownDevices,
  removeDevices,
  saveDevices,
  type ToldDevice,
} from "../db/ade-sync.ts";
import { applyTogether } from "../db/directory.ts";
import { openDb } from "../db/open.ts";

/**
 * One page of Apple's list of devices: asked, held against what is known, and written together with the cursor in one
 * step. Whatever fails before leaves the cursor where it was, and the page is asked again.
 */
export type PageOutcome = {
  run: SyncRun;
  next: SyncStep["next"];
  refusal: AdeRefusal | undefined;
  /** A fetch is through: devices not seen since then are gone. */
  unseenSince: number | undefined;
  counts: DeviceCounts;
};

export type DeviceCounts = { added: number; changed: number; removed: number };

export const positionOf = (row: AdeAccountRow): SyncPosition | undefined =>
  row.syncMode === null
    ? undefined
    : { mode: row.syncMode, cursor: row.cursor ?? undefined, fetchStartedAt: row.fetchStartedAt ?? 0 };

export async function followOnePage(
  env: Env,
  row: AdeAccountRow,
  client: AdeClient,
  run: SyncRun,
  now: number,
): Promise<PageOutcome> {
  const path = run.mode === "sync" ? "/devices/sync" : "/server/devices";
  const page = await client.call(nextCall(run, devicesPerCall(row.details ?? undefined, path)));
  const step = page.ok ? afterPage(run, page.value, now) : afterRefusal(run, page.refusal, now);
  const counts = await savePage(env, row.name, step, now);
  const { next, refusal, unseenSince } = step;
  return { run: step.run, next, refusal, unseenSince, counts };
}

async function savePage(env: Env, account: string, step: SyncStep, now: number): Promise<DeviceCounts> {
  const db = openDb(env.DB);
  const { devices, run, next, unseenSince } = step;
  const serials = devices.map(({ serial_number }) => serial_number);
  const rows = devices.length > 0 ? await knownDevices(db, account, serials) : [];
  const known = new Map(rows.map((row) => [row.serial, row]));
  const decided = devices.map((device) => {
    const before = known.get(device.serial_number);
    return { device, before, decision: decideSave(device, before?.opDate ?? undefined) };
  });
  const saved = decided.filter(({ decision }) => decision === "save");
  const gone = decided.filter(
    ({ decision, before }) => decision === "remove" && before && before.deletedAt === null,
  );
  const told = saved.map(({ device, before }) => toldDevice(device, before));
  const columns = {
    syncMode: run.mode,
    cursor: run.cursor ?? null,
    fetchStartedAt: run.fetchStartedAt,
    ...(next === "done" && { syncedAt: now }),
    ...(unseenSince !== undefined && { fetchedAt: now }),
  };
  await applyTogether(db, [
    ...saveDevices(db, account, told, now),
    ...(gone.length > 0
      ? [
          removeDevices(
            db,
            account,
            gone.map(({ device }) => ({ serial: device.serial_number, opDate: timeOf(device.op_date) })),
            now,
          ),
        ]
      : []),
    setAccount(db, account, columns),
  ]);
  const added = saved.filter(({ before }) => !before || before.deletedAt !== null).length;
  const changed = told.filter(({ check }) => check).length - added;
  return { added, changed, removed: gone.length };
}

function toldDevice(device: AdeDevice, before: KnownDevice | undefined): ToldDevice {
  return {
    device,
    opDate: timeOf(device.op_date),
    migrationDeadline: timeOf(device.mdm_migration_deadline),
    check:
      !before ||
      before.deletedAt !== null ||
      before.profileUuid !== (device.profile_uuid ?? null) ||
      before.profileStatus !== (device.profile_status ?? null) ||
      before.model !== (device.model ?? null) ||
      before.family !== (device.device_family ?? null),
  };
}
