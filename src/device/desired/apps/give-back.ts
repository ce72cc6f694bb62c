import type { AppLicence } from "../../../db/app-licences.ts";
import { doubtLicence, freeLicencesOfApps } from "../../../licences/of-apps.ts";
import type { DutyContext } from "../../alarm/duty-context.ts";
import type { AppRow } from "../../store/apps.ts";
import { putAndTell } from "./tell.ts";

/**
 * The apps are gone from the device: their licences are given back, and then nothing is left to be known of them. Of one
 * that the device should have and cannot, only the licence goes.
 */
export async function giveBack(
  { env, store, deviceId, takeTurn }: DutyContext,
  freed: readonly AppRow[],
): Promise<void> {
  const apps = store.apps();
  // Another app of the device may be the same one of the store.
  const isShared = ({ name, licence }: AppRow): boolean =>
    apps.some((other) => name !== other.name && licence === other.licence && other.wish === "have");
  const given = freed.flatMap((row) =>
    row.licence === null || isShared(row)
      ? []
      : [{ app: row.name, licence: JSON.parse(row.licence) as AppLicence }],
  );
  await freeLicencesOfApps(env, deviceId, given, Date.now());
  takeTurn((turn) => {
    for (const { name } of freed) {
      const now = turn.store.app(name);
      if (now === undefined || now.channel !== null) continue;
      // In the meantime it may be wanted again.
      if (now.wish === "gone") putAndTell(turn, now, undefined);
      else if (now.hindrance !== null) putAndTell(turn, now, { ...now, licence: null });
    }
  });
}

/** The device says that Apple has no licence for it. */
export async function noteDoubt({ env }: DutyContext, doubted: readonly AppRow[]): Promise<void> {
  for (const { licence } of doubted)
    if (licence !== null) await doubtLicence(env, JSON.parse(licence) as AppLicence, Date.now());
}
