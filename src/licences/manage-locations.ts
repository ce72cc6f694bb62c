import { baseUrlFault } from "../apple-business/base-url.ts";
import { workingState } from "../apple-business/trouble.ts";
import { clientConfigCall, setClientConfigCall } from "../apps-and-books/calls.ts";
import { contentClient } from "../apps-and-books/client.ts";
import type { ClientConfig, MdmInfo } from "../apps-and-books/client-config.ts";
import {
  type ContentToken,
  type ContentTokenRefusal,
  readContentToken,
} from "../apps-and-books/content-token.ts";
import { notificationTypes } from "../apps-and-books/notification.ts";
import type { ContentRefusal } from "../apps-and-books/refusals.ts";
import { toHex } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import {
  type ContentLocationRow,
  changeLocation,
  deleteLocation,
  findLocationOfLibrary,
  insertLocation,
} from "../db/content-locations.ts";
import { openDb } from "../db/open.ts";
import { clientOf, openSecret, ownMdmInfo, sealSecret, sealToken } from "./location.ts";
import { openLocation } from "./object.ts";

/**
 * A location is made by its content token, after Apple took it. Who managed it before is shown, and only replaced on
 * purpose: two servers would take licences from each other.
 */
export type LocationRefusal =
  | { reason: "exists" | "too-many" | "library-taken" | "other-library"; detail: string }
  | { reason: "input"; pointer: "/token" | "/base_url"; detail: string }
  | { reason: "managed-elsewhere"; detail: string; by: MdmInfo }
  | { reason: "not-proven"; apple: ContentRefusal };

export type LocationOptions = { baseUrl: string | null; takeOver: boolean };

const mostLocations = 50;

export async function createLocation(
  env: Env,
  publicUrl: string,
  name: string,
  file: string,
  { baseUrl, takeOver }: LocationOptions,
  by: string,
  now: number,
): Promise<Result<ContentLocationRow, LocationRefusal>> {
  const fault = baseUrl === null ? undefined : baseUrlFault(baseUrl);
  if (fault) return refuse({ reason: "input", pointer: "/base_url", detail: fault });
  const proven = await proveToken(file, baseUrl, now);
  if (!proven.ok) return proven;
  const { token, config } = proven.value;
  const other = await findLocationOfLibrary(openDb(env.DB), config.uid);
  if (other)
    return refuse({
      reason: "library-taken",
      detail: `the token is for ${nameOf(config)}, which ${other.name} has already: upload it there`,
    });
  if (config.mdmInfo && !takeOver) return refuse(managedElsewhere(config, config.mdmInfo));
  const row: ContentLocationRow = {
    ...blank(now),
    ...columnsOf(config),
    ...(await tokenColumns(env, name, token, now)),
    name,
    baseUrl,
    mdmId: crypto.randomUUID(),
    sealedSecret: await sealSecret(env, name, toHex(crypto.getRandomValues(new Uint8Array(32)))),
    createdBy: by,
  };
  const outcome = await insertLocation(openDb(env.DB), row, mostLocations);
  if (outcome === "exists")
    return refuse({ reason: "exists", detail: `there is a location ${name} already` });
  if (outcome === "too-many")
    return refuse({ reason: "too-many", detail: `there are ${mostLocations} locations, which are the most` });
  const managed = await manage(env, row, publicUrl, now);
  await openLocation(env, name).begin();
  return managed;
}

const blank = (now: number) => ({
  rival: null,
  notificationUrl: null,
  limits: null,
  limitsAt: null,
  invitationUrl: null,
  state: workingState,
  stateSince: now,
  trouble: null,
  run: null,
  assignmentsVersion: null,
  usersVersion: null,
  assetsDueAt: 0,
  assignmentsDueAt: 0,
  usersDueAt: 0,
  fullDueAt: 0,
  syncedAt: null,
  createdAt: now,
  updatedAt: now,
});

const columnsOf = ({ uid, locationName, country, platform }: ClientConfig) => ({
  uid,
  locationName: locationName ?? null,
  country: country ?? null,
  storePlatform: platform ?? null,
});

const tokenColumns = async (env: Env, name: string, token: ContentToken, now: number) => ({
  organization: token.organization,
  sealedToken: await sealToken(env, name, token.file),
  tokenExpiresAt: token.expiresAt,
  tokenAt: now,
});

async function proveToken(
  file: string,
  baseUrl: string | null,
  now: number,
): Promise<Result<{ token: ContentToken; config: ClientConfig }, LocationRefusal>> {
  const token: Result<ContentToken, ContentTokenRefusal> = readContentToken(file, now);
  if (!token.ok) return refuse({ reason: "input", pointer: "/token", detail: token.refusal.detail });
  const client = contentClient({ token: token.value.file, baseUrl: baseUrl ?? undefined });
  const config = await client.call(clientConfigCall());
  if (!config.ok) return refuse({ reason: "not-proven", apple: config.refusal });
  return ok({ token: token.value, config: config.value });
}

const nameOf = ({ locationName, uid }: ClientConfig): string =>
  locationName ? `the location "${locationName}"` : `the library ${uid}`;

const managedElsewhere = (config: ClientConfig, by: MdmInfo): LocationRefusal => ({
  reason: "managed-elsewhere",
  detail: `${nameOf(config)} is managed by ${by.name} (${by.metadata}): two servers take licences from each other. Remove it there, or add ?take_over=true`,
  by,
});

/** The token of a location is renewed; of another library it is refused. */
export async function replaceToken(
  env: Env,
  publicUrl: string,
  row: ContentLocationRow,
  file: string,
  now: number,
): Promise<Result<ContentLocationRow, LocationRefusal>> {
  const proven = await proveToken(file, row.baseUrl, now);
  if (!proven.ok) return proven;
  const { token, config } = proven.value;
  if (config.uid !== row.uid)
    return refuse({
      reason: "other-library",
      detail: `the token is for ${nameOf(config)}, and ${row.name} for ${row.locationName ?? row.uid}: download it from the right location`,
    });
  const rival = config.mdmInfo && config.mdmInfo.id !== row.mdmId ? config.mdmInfo : null;
  const state = { state: workingState, trouble: null, stateSince: row.trouble ? now : row.stateSince };
  const columns = {
    ...(await tokenColumns(env, row.name, token, now)),
    ...columnsOf(config),
    ...state,
    rival,
  };
  const changed = await changeLocation(openDb(env.DB), row.name, { ...columns, updatedAt: now });
  if (!changed) throw new Error(`the location ${row.name} was deleted while its token was replaced`);
  const managed = rival ? ok(changed) : await manage(env, changed, publicUrl, now);
  await openLocation(env, row.name).begin();
  return managed;
}

/** This server manages the location from now on, whichever did before. */
export async function takeOver(
  env: Env,
  publicUrl: string,
  row: ContentLocationRow,
  now: number,
): Promise<Result<ContentLocationRow, LocationRefusal>> {
  const managed = await manage(env, row, publicUrl, now);
  if (managed.ok) await openLocation(env, row.name).begin();
  return managed;
}

/**
 * Writes down at Apple that this server manages the location, and where it is to be told of changes. Apple tries the
 * address before it answers; without one that it reaches, changes are asked for every hour.
 */
async function manage(
  env: Env,
  row: ContentLocationRow,
  publicUrl: string,
  now: number,
): Promise<Result<ContentLocationRow, LocationRefusal>> {
  const client = await clientOf(env, row);
  const mdmInfo = ownMdmInfo(row.mdmId, publicUrl);
  const url = notificationUrl(publicUrl, row.name);
  const notifications =
    url === undefined ? undefined : { url, token: await openSecret(env, row), types: notificationTypes };
  const told = await client.call(setClientConfigCall({ mdmInfo, notifications }));
  const isUnreached = !told.ok && told.refusal.reason === "notification-url-refused";
  const again = isUnreached ? await client.call(setClientConfigCall({ mdmInfo })) : told;
  if (!again.ok) return refuse({ reason: "not-proven", apple: again.refusal });
  const columns = { rival: null, notificationUrl: isUnreached ? null : (url ?? null), updatedAt: now };
  const changed = await changeLocation(openDb(env.DB), row.name, columns);
  return changed ? ok(changed) : ok({ ...row, ...columns });
}

/** undefined: the address is not one that Apple may call. */
export function notificationUrl(publicUrl: string, name: string): string | undefined {
  const url = URL.parse(`/apple/apps-and-books/${encodeURIComponent(name)}`, publicUrl);
  return url?.protocol === "https:" ? url.href : undefined;
}

/** Nothing changes at Apple: who has a licence keeps it. */
export async function removeLocation(env: Env, name: string): Promise<void> {
  await deleteLocation(openDb(env.DB), name);
  await openLocation(env, name).wake(true);
}

/** All lists are read now, whatever was refused before. */
export async function readAgain(env: Env, name: string): Promise<void> {
  const due = { assetsDueAt: 0, assignmentsDueAt: 0, usersDueAt: 0 };
  if (await changeLocation(openDb(env.DB), name, due)) await openLocation(env, name).begin();
}
