import { devicesChanged } from "../../db/assignment-changes.ts";
import { applyTogether } from "../../db/directory.ts";
import { openDb } from "../../db/open.ts";
import { listEnding, noteWarned, type ProvisioningProfileEntry } from "../../db/provisioning-profiles.ts";
import { listUsesToRenew } from "../../db/use-certificates.ts";
import { announceServerEvent } from "../../events/announce.ts";
import { endingWithinMs } from "../../profiles/provisioning-profile-end.ts";
import { type JobKind, jobKind } from "../job-kind.ts";
import type { Page } from "../run.ts";
import { tellSigningEnds } from "./signing-certificate-ends.ts";

/**
 * Reports, once each, uploaded provisioning profiles that end soon or have ended, because an app with an ended profile
 * does not start any more; and the same for certificates that sign profiles. Then notes the devices that must replace a
 * certificate that is not an identity: they get a new document when they reconcile. A note may be repeated.
 */
const aPage = 50;

type Stage = "expired" | "expiring";
type Place = Stage | ["uses"] | ["uses", renewAt: number, fingerprint: string];

export const expiries: JobKind = jobKind<Place>("expired", (env, place, now) =>
  Array.isArray(place) ? noteUses(env, place, now) : tellProfiles(env, place, now),
);

async function tellProfiles(env: Env, stage: Stage, now: number): Promise<Page<Place>> {
  const db = openDb(env.DB);
  const rows = await ending(env, stage, now);
  for (const row of rows) {
    await announceServerEvent(env, { name: `provisioning_profile.${stage}`, detail: about(row) }, now);
    await noteWarned(db, row.uuid, stage);
  }
  const done = { counts: { [stage]: rows.length }, remarks: rows.map((row) => remark(row, stage)) };
  if (rows.length === aPage) return { ...done, next: stage };
  if (stage === "expired") return { ...done, next: "expiring" };
  const remarks = [...done.remarks, ...(await tellSigningEnds(env, now))];
  return { ...done, remarks, next: ["uses"] };
}

async function noteUses(env: Env, place: Exclude<Place, Stage>, now: number): Promise<Page<Place>> {
  const db = openDb(env.DB);
  const [, renewAt, fingerprint] = place;
  const after =
    renewAt === undefined || fingerprint === undefined ? undefined : ([renewAt, fingerprint] as const);
  const rows = await listUsesToRenew(db, now, aPage, after);
  const devices = [...new Set(rows.flatMap(({ deviceId }) => deviceId ?? []))];
  if (devices.length > 0) await applyTogether(db, [devicesChanged(db, devices, { now })]);
  const done = { counts: { to_renew: rows.length }, remarks: [] };
  const last = rows.length === aPage ? rows.at(-1) : undefined;
  if (last) return { ...done, next: ["uses", last.renewAt, last.fingerprint] };
  return { ...done, ends: "done", outcome: "all ends are reported" };
}

const ending = (env: Env, stage: Stage, now: number): Promise<ProvisioningProfileEntry[]> =>
  stage === "expired"
    ? listEnding(openDb(env.DB), now, ["nothing", "expiring"], aPage)
    : listEnding(openDb(env.DB), now + endingWithinMs, ["nothing"], aPage);

const about = ({ uuid, name, appId, expiresAt }: ProvisioningProfileEntry) => ({
  uuid,
  name,
  app_id: appId,
  expires_at: new Date(expiresAt).toISOString(),
});

const remark = ({ uuid, name, expiresAt }: ProvisioningProfileEntry, stage: Stage) => ({
  about: `provisioning profile ${uuid}`,
  detail: `${name} ${stage === "expired" ? "ended" : "ends"} on ${new Date(expiresAt).toISOString()}`,
});
