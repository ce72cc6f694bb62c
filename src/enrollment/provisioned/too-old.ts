import type { MachineInfo } from "../../ade/machine-info.ts";
import { log } from "../../base/log.ts";
import type { Db } from "../../db/open.ts";
import { isVersionKnown } from "../../db/software-updates.ts";
import { versionKey } from "../../mdm/platform.ts";
import { canRun } from "../../systems/ability.ts";
import { type Turned, updateFirst, type versionWanted } from "./decide.ts";

/** Nothing is wanted that this device cannot have: it could never be set up. */
export async function tooOld(
  db: Db,
  machine: MachineInfo,
  { platform, version }: NonNullable<ReturnType<typeof versionWanted>>,
  now: number,
): Promise<Turned | undefined> {
  const { SOFTWARE_UPDATE_DEVICE_ID, PRODUCT } = machine;
  const ability = await canRun(db, [SOFTWARE_UPDATE_DEVICE_ID, PRODUCT], version, now);
  if (ability === "yes") return updateFirst(version);
  // Without Apple's list, or of a model that it does not name: a release that is known here.
  const isKnown = await isVersionKnown(db, [platform], version, versionKey(version));
  if (ability === "unknown" && isKnown) return updateFirst(version);
  log({ event: "enrollment.version_unknown", platform, version });
  return undefined;
}
