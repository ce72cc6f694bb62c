import { devicesPerCall } from "../ade/account.ts";
import type { AdeClient } from "../ade/client.ts";
import { timeOf } from "../ade/device.ts";
import { type DeviceOutcome, deviceDetails, disownDevices, unassignProfile } from "../ade/device-calls.ts";
import type { AdeRefusal } from "../ade/refusals.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { AdeAccountRow } from "../db/ade-accounts.ts";
import {
  chooseByHand,
  devicesNamed,
  noteAssignments,
  removeDevices,
  saveDevices,
  type ToldDevice,
} from "../db/ade-sync.ts";
import { applyTogether } from "../db/directory.ts";
import { openDb } from "../db/open.ts";
import { assignAndNote } from "./check-profiles.ts";
import { noProfile } from "./choose-profile.ts";
import { defineWhereNeeded } from "./define-profile.ts";

/**
 * What an administrator asks for devices by their serial numbers, with what came of each. The wish is kept before Apple
 * is asked: whatever fails then, the account's own turns see to it.
 */
export type HandOutcome = DeviceOutcome | "unknown-device" | "not-asked";
export type HandOutcomes = {
  outcomes: { serial: string; outcome: HandOutcome }[];
  /** Why some were not asked. */
  refusal: AdeRefusal | undefined;
};

/** With whose client, and when. */
export type Hand = { env: Env; row: AdeAccountRow; client: AdeClient; now: number };

export async function assignByHand(
  { env, row, client, now }: Hand,
  profile: string,
  serials: readonly string[],
): Promise<Result<HandOutcomes, AdeRefusal>> {
  const db = openDb(env.DB);
  const devices = await devicesNamed(db, row.name, serials);
  await applyTogether(db, [chooseByHand(db, row.name, serials, profile, now)]);
  const uuid = await defineWhereNeeded(env, row, client, profile, now);
  if (!uuid.ok) return uuid;
  if (uuid.value === undefined) throw new Error(`there is no ADE profile ${profile}`);
  const { outcomes, refusal } = await assignAndNote(env, row, client, uuid.value, devices, now);
  return ok({ outcomes: inOrder(serials, serialsOf(devices), outcomes), refusal });
}

/** No rule gives them another one either, until somebody says so. */
export async function unassignByHand(
  { env, row, client, now }: Hand,
  serials: readonly string[],
): Promise<Result<HandOutcomes, AdeRefusal>> {
  const db = openDb(env.DB);
  const known = serialsOf(await devicesNamed(db, row.name, serials));
  await applyTogether(db, [chooseByHand(db, row.name, serials, noProfile, now)]);
  const most = devicesPerCall(row.details ?? undefined, "/profile/devices");
  const { answers, refusal } = await unassignProfile(client, known, undefined, most);
  const notes = [...answers].map(([serial, outcome]) => ({ serial, outcome, tries: 0, checkAt: null }));
  await applyTogether(db, noteAssignments(db, row.name, null, notes, now));
  return ok({ outcomes: inOrder(serials, known, answers), refusal });
}

/** What was escrowed for them stays. */
export async function disownByHand(
  { env, row, client, now }: Hand,
  serials: readonly string[],
): Promise<Result<HandOutcomes, AdeRefusal>> {
  const db = openDb(env.DB);
  const known = serialsOf(await devicesNamed(db, row.name, serials));
  const { answers, refusal } = await disownDevices(client, known);
  const gone = [...answers].flatMap(([serial, outcome]) => (outcome === "SUCCESS" ? [{ serial }] : []));
  if (gone.length > 0) await applyTogether(db, [removeDevices(db, row.name, gone, now)]);
  return ok({ outcomes: inOrder(serials, known, answers), refusal });
}

/** Asks Apple again what it knows of them. */
export async function refreshByHand(
  { env, row, client, now }: Hand,
  serials: readonly string[],
): Promise<Result<HandOutcomes, AdeRefusal>> {
  const most = devicesPerCall(row.details ?? undefined, "/devices");
  const { answers, refusal } = await deviceDetails(client, serials, most);
  if (answers.size === 0 && refusal) return refuse(refusal);
  const found = [...answers.values()].filter(({ response_status }) => response_status === "SUCCESS");
  const told = found.map(
    ({ response_status: _, ...device }): ToldDevice => ({
      device,
      opDate: undefined,
      migrationDeadline: timeOf(device.mdm_migration_deadline),
      check: true,
    }),
  );
  const db = openDb(env.DB);
  await applyTogether(db, saveDevices(db, row.name, told, now));
  const outcomes = new Map(
    [...answers].map(([serial, { response_status }]): [string, HandOutcome] => [
      serial,
      heard(response_status),
    ]),
  );
  return ok({ outcomes: inOrder(serials, [...answers.keys()], outcomes), refusal });
}

const heard = (status: string | undefined): HandOutcome => {
  if (status === "NOT_FOUND") return "unknown-device";
  return status === "SUCCESS" || status === "NOT_ACCESSIBLE" ? status : "FAILED";
};

const serialsOf = (devices: readonly { serial: string }[]): string[] => devices.map(({ serial }) => serial);

const inOrder = (
  serials: readonly string[],
  known: readonly string[],
  outcomes: ReadonlyMap<string, HandOutcome>,
): HandOutcomes["outcomes"] => {
  const isKnown = new Set(known);
  return serials.map((serial) => ({
    serial,
    outcome: outcomes.get(serial) ?? (isKnown.has(serial) ? "not-asked" : "unknown-device"),
  }));
};
