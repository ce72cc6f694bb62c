import { openDb } from "../../db/open.ts";
import { listEnding, noteWarned, type ProvisioningProfileEntry } from "../../db/provisioning-profiles.ts";
import { announceServerEvent } from "../../events/announce.ts";
import { endingWithinMs } from "../../profiles/provisioning-profile-end.ts";
import { type JobKind, jobKind } from "../job-kind.ts";
import { tellSigningEnds } from "./signing-certificate-ends.ts";

/**
 * Reports, once each, uploaded provisioning profiles that end soon or have ended, because an app with an ended profile
 * does not start any more; and the same for certificates that sign profiles.
 */
const aPage = 50;

type Stage = "expired" | "expiring";

export const expiries: JobKind = jobKind<Stage>("expired", async (env, stage, now) => {
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
  return { ...done, remarks, ends: "done", outcome: "all ends are reported" };
});

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
