import { type AppSource, type AppUpdates, originOf } from "../apps/app.ts";
import { type Bytes, sha256, toHex } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { memberChanged } from "../db/assignment-changes.ts";
import { findAsset } from "../db/content-assets.ts";
import { findLocation } from "../db/content-locations.ts";
import { type AppRow, deleteApp, findApp, putApp, setsOfApp } from "../db/library-apps.ts";
import { type Db, openDb } from "../db/open.ts";
import { findPackage } from "../db/packages.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import { announceAll } from "../events/announce.ts";
import { isVariable, variablesIn } from "../mdm/variables.ts";
import { sealText } from "../pki/seal.ts";
import { appConfigurationContext } from "../pki/seal-contexts.ts";
import type { PlistDict } from "../plist/value.ts";
import { writePlist } from "../plist/write.ts";
import { startAssigning } from "./start-assigning.ts";

/** Changes of the library of apps. The same again changes nothing. */
export type AppInput = {
  name: string;
  source: AppSource;
  /** null: none. */
  configuration: PlistDict | null;
  removeWhenUnassigned: boolean;
  updates: AppUpdates;
  pinnedVersion: number | null;
  /** The id of a token. */
  by: string;
};

export type AppRefusal =
  | {
      reason:
        | "unknown-location"
        | "unknown-asset"
        | "unknown-package"
        | "not-an-app"
        | "unknown-variable"
        | "too-large";
      pointer: string;
      detail: string;
    }
  | { reason: "another-app"; detail: string };

export type SavedApp = { row: AppRow; outcome: "added" | "changed" | "unchanged" };

/** More than this no app reads, and each device gets it whole. */
const largestConfiguration = 64 * 1024;

export async function saveApp(env: Env, input: AppInput, now: number): Promise<Result<SavedApp, AppRefusal>> {
  const db = openDb(env.DB);
  const bytes = input.configuration && writePlist(input.configuration);
  const refusal = (await unfit(db, input.source)) ?? unfitConfiguration(input.configuration, bytes);
  if (refusal) return refuse(refusal);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const before = await findApp(db, input.name);
    if (before && isAnotherApp(before.source, input.source)) return refuse(anotherApp(before));
    const digest = bytes && toHex(await sha256(bytes));
    if (before && isSame(before, input, digest)) return ok({ row: before, outcome: "unchanged" });
    const row = await rowOf(env, before, input, { bytes, digest }, now);
    const note = memberChanged(db, "app", input.name, { now });
    if (!(await putApp(db, row, [note]))) continue;
    const detail = { app: row.name, version: row.version };
    await announceAll(env, [{ name: before ? "app.updated" : "app.created", detail }], now);
    await startAssigning(env);
    return ok({ row, outcome: before ? "changed" : "added" });
  }
  throw new Error("the app changes faster than it can be saved");
}

const mostTries = 5;

export async function removeApp(
  env: Env,
  name: string,
  now: number,
): Promise<Result<undefined, { reason: "unknown" } | { reason: "in-use"; sets: string[] }>> {
  const db = openDb(env.DB);
  if (!(await findApp(db, name))) return refuse({ reason: "unknown" });
  await deleteApp(db, name);
  if (await findApp(db, name)) return refuse({ reason: "in-use", sets: await setsOfApp(db, name) });
  await announceAll(env, [{ name: "app.deleted", detail: { app: name } }], now);
  return ok(undefined);
}

async function unfit(db: Db, source: AppSource): Promise<AppRefusal | undefined> {
  if ("package" in source) return unfitPackage(db, source.package.name);
  if (!("store" in source)) return undefined;
  const { adamId, location } = source.store;
  if (!(await findLocation(db, location)))
    return {
      reason: "unknown-location",
      pointer: "/source/store/location",
      detail: `there is no location ${location}: store its content token first`,
    };
  const asset = await findAsset(db, location, { adamId, pricing: "STDQ" });
  const pointer = "/source/store/adam_id";
  if (!asset)
    return {
      reason: "unknown-asset",
      pointer,
      detail: `${location} has no licence for ${adamId}: get the app in Apple's portal, also when it is free`,
    };
  return asset.kind === "App" ? undefined : { reason: "not-an-app", pointer, detail: `${adamId} is a book` };
}

async function unfitPackage(db: Db, name: string): Promise<AppRefusal | undefined> {
  if (await findPackage(db, name)) return undefined;
  const detail = `there is no package ${name}: upload it first`;
  return { reason: "unknown-package", pointer: "/source/package/name", detail };
}

function unfitConfiguration(configuration: PlistDict | null, bytes: Bytes | null): AppRefusal | undefined {
  if (configuration === null || bytes === null) return undefined;
  const pointer = "/configuration";
  if (bytes.length > largestConfiguration)
    return {
      reason: "too-large",
      pointer,
      detail: `it has ${bytes.length} bytes, and at most ${largestConfiguration} are kept`,
    };
  const unknown = variablesIn(configuration).filter((name) => !isVariable(name));
  if (unknown.length === 0) return undefined;
  return { reason: "unknown-variable", pointer, detail: `no device has a value for ${unknown.join(", ")}` };
}

/** On devices it would take the place of the other one, whose licence and data are not its own. */
const isAnotherApp = (before: AppSource, after: AppSource): boolean => originOf(before) !== originOf(after);

const anotherApp = ({ name }: AppRow): AppRefusal => ({
  reason: "another-app",
  detail: `${name} is another app: what comes from elsewhere needs a name of its own`,
});

const isSame = (before: AppRow, input: AppInput, digest: string | null): boolean =>
  before.configurationDigest === digest &&
  JSON.stringify([before.source, before.updates, before.pinnedVersion, before.removeWhenUnassigned]) ===
    JSON.stringify([input.source, input.updates, input.pinnedVersion, input.removeWhenUnassigned]);

async function rowOf(
  env: Env,
  before: AppRow | undefined,
  { name, source, configuration, removeWhenUnassigned, updates, pinnedVersion, by }: AppInput,
  { bytes, digest }: { bytes: Bytes | null; digest: string | null },
  now: number,
): Promise<AppRow> {
  const version = (before?.version ?? 0) + 1;
  return {
    ...{ name, version, source, removeWhenUnassigned, updates, pinnedVersion },
    adamId: "store" in source ? source.store.adamId : null,
    location: "store" in source ? source.store.location : null,
    sealedConfiguration:
      bytes && (await sealText(await sealingKeys(env), appConfigurationContext(name, version), bytes)),
    configurationDigest: digest,
    configurationSize: bytes?.length ?? null,
    variables: configuration ? variablesIn(configuration) : [],
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
    updatedBy: by,
  };
}
