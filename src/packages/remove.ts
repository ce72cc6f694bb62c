import { ok, type Result, refuse } from "../base/result.ts";
import { packageChanged } from "../db/assignment-changes.ts";
import { openDb } from "../db/open.ts";
import { appsUsing, deletePackageFile, findPackage, listRemovable, removePackage } from "../db/packages.ts";
import { announceAll } from "../events/announce.ts";
import { startAssigning } from "../library/start-assigning.ts";
import { keyOf, withBucket } from "./bucket.ts";

export type DeleteRefusal = { reason: "unknown" } | { reason: "used"; apps: string[] };

/** The package at once; its files are marked, then removed from the bucket, and only then forgotten. */
export async function deletePackage(
  env: Env,
  name: string,
  { confirm }: { confirm: boolean },
  now: number,
): Promise<Result<undefined, DeleteRefusal>> {
  const db = openDb(env.DB);
  const found = await findPackage(db, name);
  if (!found) return refuse({ reason: "unknown" });
  const apps = confirm ? [] : await appsUsing(db, name);
  if (apps.length > 0) return refuse({ reason: "used", apps });
  const { kind, identifier, version } = found.file;
  const detail = { package: name, kind, identifier, version };
  await announceAll(env, [{ name: "package.deleted", detail }], now, [
    ...removePackage(db, name, now),
    packageChanged(db, name, { now }),
  ]);
  await startAssigning(env);
  await removeFiles(env, now, mostAtOnce);
  return ok(undefined);
}

const mostAtOnce = 20;

/** Also by the nightly job: what was interrupted is done again. Returns how many it removed. */
export async function removeFiles(env: Env, now: number, limit: number): Promise<number> {
  const bucket = env.PACKAGES;
  // Without its bucket no file can be removed, and the row is what remembers it.
  if (bucket === undefined) return 0;
  const db = openDb(env.DB);
  const files = await listRemovable(db, now, limit);
  for (const { id } of files) {
    await withBucket(() => bucket.delete(keyOf(id)));
    await deletePackageFile(db, id);
  }
  return files.length;
}
