import { devicesPerCall } from "../ade/account.ts";
import type { AdeClient } from "../ade/client.ts";
import { assignProfile, type Batch, type DeviceOutcome } from "../ade/device-calls.ts";
import type { AdeRefusal } from "../ade/refusals.ts";
import { ok } from "../base/result.ts";
import type { AdeAccountRow } from "../db/ade-accounts.ts";
import { definedProfiles, forgetDefinition } from "../db/ade-profiles.ts";
import {
  type Assignment,
  type CheckedDevice,
  type CheckOutcome,
  dueDevices,
  noteAssignments,
  noteChecks,
  removeDevices,
  walkDevices,
} from "../db/ade-sync.ts";
import { applyTogether } from "../db/directory.ts";
import { openDb } from "../db/open.ts";
import { checkAfter, checkDevice, triesOf } from "./check-device.ts";
import { chooseProfile } from "./choose-profile.ts";
import { defineWhereNeeded } from "./define-profile.ts";

/**
 * Every device has the profile that it should have: those that may not are looked at in pages, and what differs is
 * assigned. Looking may be repeated at any time.
 */
export const devicesAPage = 1000;

/** Looks whether any device of a page should have another profile now; only what is news is written. */
export async function reviewPage(
  env: Env,
  row: AdeAccountRow,
  after: string,
  unseenSince: number | undefined,
  now: number,
): Promise<{ next: string | undefined; removed: number }> {
  const db = openDb(env.DB);
  const devices = await walkDevices(db, row.name, after, devicesAPage);
  const gone = devices.filter(({ seenAt }) => unseenSince !== undefined && seenAt < unseenSince);
  const stay = devices.filter(({ seenAt }) => unseenSince === undefined || seenAt >= unseenSince);
  const uuids = await definedProfiles(db, row.name);
  const news = stay.flatMap((device): CheckOutcome[] => {
    const profile = chooseProfile(device, row);
    const verdict = checkDevice(device, profile === null ? undefined : uuids.get(profile), now);
    // A profile that is not defined yet is defined when it is assigned.
    const isOpen = profile !== null && (!uuids.has(profile) || verdict.do !== "nothing");
    const checkAt = isOpen ? (verdict.do === "wait" ? verdict.until : now) : null;
    const isKnown = profile === device.profile && (device.checkAt !== null || checkAt === null);
    return isKnown ? [] : [{ serial: device.serial, profile, checkAt }];
  });
  await applyTogether(db, [
    ...noteChecks(db, row.name, news),
    ...(gone.length > 0 ? [removeDevices(db, row.name, gone, now)] : []),
  ]);
  return { next: devices.length === devicesAPage ? devices.at(-1)?.serial : undefined, removed: gone.length };
}

export type RepairOutcome = {
  /** More devices are due. */
  isMore: boolean;
  /** Of the account or the line: nothing else can be done now. */
  refusal: AdeRefusal | undefined;
};

/** Each profile takes a few requests, of which a turn has fifty. */
const profilesATurn = 6;

/** Assigns what devices that are due should have; what Apple says of each is kept. */
export async function repairDue(
  env: Env,
  row: AdeAccountRow,
  client: AdeClient,
  now: number,
): Promise<RepairOutcome> {
  const devices = await dueDevices(openDb(env.DB), row.name, now, devicesAPage);
  const groups = [...Map.groupBy(devices, (device) => chooseProfile(device, row))];
  for (const [profile, group] of groups.slice(0, profilesATurn)) {
    const refusal = await repairGroup(env, row, client, profile, group, now);
    if (!refusal) continue;
    if (refusal.retry !== "never") return { isMore: false, refusal };
    // It is about this profile: others go on.
    await putOff(env, row, group, refusal, now);
  }
  return { isMore: devices.length === devicesAPage || groups.length > profilesATurn, refusal: undefined };
}

async function repairGroup(
  env: Env,
  row: AdeAccountRow,
  client: AdeClient,
  profile: string | null,
  group: readonly CheckedDevice[],
  now: number,
): Promise<AdeRefusal | undefined> {
  const db = openDb(env.DB);
  const uuid = profile === null ? ok(undefined) : await defineWhereNeeded(env, row, client, profile, now);
  if (!uuid.ok) return uuid.refusal;
  const verdicts = group.map((device) => ({ device, verdict: checkDevice(device, uuid.value, now) }));
  const checks = verdicts.map(({ device: { serial }, verdict }): CheckOutcome => {
    const checkAt = verdict.do === "wait" ? verdict.until : verdict.do === "assign" ? now : null;
    return { serial, profile, checkAt };
  });
  await applyTogether(db, noteChecks(db, row.name, checks));
  const open = verdicts.flatMap(({ device, verdict }) => (verdict.do === "assign" ? [device] : []));
  if (uuid.value === undefined || open.length === 0) return undefined;
  const { refusal } = await assignAndNote(env, row, client, uuid.value, open, now);
  if (refusal?.reason === "profile-not-found") await forgetDefinition(db, row.name, uuid.value);
  return refusal;
}

async function putOff(
  env: Env,
  row: AdeAccountRow,
  group: readonly CheckedDevice[],
  { code, reason }: AdeRefusal,
  now: number,
): Promise<void> {
  const db = openDb(env.DB);
  const outcome = code ?? reason;
  const assignments = group.map(({ serial, assignTries }): Assignment => {
    const tries = assignTries + 1;
    return { serial, outcome, tries, checkAt: checkAfter("FAILED", tries, undefined, now) };
  });
  await applyTogether(db, noteAssignments(db, row.name, null, assignments, now));
}

/** Asks Apple to give devices a profile, and keeps what it says of each. */
export async function assignAndNote(
  env: Env,
  row: AdeAccountRow,
  client: AdeClient,
  uuid: string,
  devices: readonly CheckedDevice[],
  now: number,
): Promise<{ outcomes: Map<string, DeviceOutcome>; refusal: AdeRefusal | undefined }> {
  const bySerial = new Map(devices.map((device) => [device.serial, device]));
  const most = devicesPerCall(row.details ?? undefined, "/profile/devices");
  const { answers, retryAfterSeconds, refusal }: Batch<DeviceOutcome> = await assignProfile(
    client,
    uuid,
    [...bySerial.keys()],
    most,
  );
  const assignments = [...answers].flatMap(([serial, outcome]): Assignment[] => {
    const device = bySerial.get(serial);
    if (!device) return [];
    const tries = triesOf(device, uuid, now) + 1;
    return [{ serial, outcome, tries, checkAt: checkAfter(outcome, tries, retryAfterSeconds, now) }];
  });
  const db = openDb(env.DB);
  await applyTogether(db, noteAssignments(db, row.name, uuid, assignments, now));
  return { outcomes: answers, refusal };
}
