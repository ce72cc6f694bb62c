import { ok, type Result, refuse } from "../base/result.ts";
import type { Context } from "../catalog/context.ts";
import type { ValidationMode } from "../catalog/finding.ts";
import { type Db, openDb } from "../db/open.ts";
import { usesOfProfile } from "../db/profiles.ts";
import type { Certificate } from "../pki/certificate.ts";
import type { PlistDict } from "../plist/value.ts";
import { type ProfileFinding, withRemedy } from "../profiles/findings.ts";
import type { AskedPlan } from "../rollouts/begin.ts";
import {
  type GivenProfile,
  type GivenRefusal,
  type ReadGiven,
  readGiven,
  unusable,
} from "./given-profile.ts";
import { type SavedProfile, saveProfile } from "./profiles.ts";
import { partsKeptFromUsers } from "./user-enrollment.ts";

export type TakeOrder = {
  identifier: string;
  given: GivenProfile;
  mode: ValidationMode;
  /** undefined: unchanged. */
  encrypted: boolean | undefined;
  by: string;
  rollout?: AskedPlan;
};

export type TakenProfile = {
  saved: SavedProfile;
  signer: Certificate | undefined;
  findings: ProfileFinding[];
};

export type TakeRefusal =
  | { reason: "unusable"; error: GivenRefusal }
  | { reason: "unfit"; findings: ProfileFinding[] };

export async function takeProfile(
  env: Env,
  { identifier, given, mode, encrypted, by, rollout }: TakeOrder,
  now: number,
): Promise<Result<TakenProfile, TakeRefusal>> {
  const read = await readGiven(given, identifier);
  if (!read.ok) return refuse({ reason: "unusable", error: read.refusal });
  const { dict, content, signer } = read.value;
  const error = unusable(dict, identifier, encrypted ?? false, content.length);
  if (error) return refuse({ reason: "unusable", error });
  const findings = await findingsOf(openDb(env.DB), identifier, dict, mode, now);
  // Refused even if the caller wants to ignore errors: it would move devices away from their server.
  const isEnrollment = findings.some(({ code }) => code === "mdm-in-library");
  if (isEnrollment || (mode === "strict" && findings.some(({ level }) => level === "error")))
    return refuse({ reason: "unfit", findings: findings.filter(({ level }) => level === "error") });
  const input = { identifier, content, dict, signedBy: signer?.subjectText ?? null, encrypted, by, rollout };
  return ok({ saved: await saveProfile(env, input, now), signer, findings });
}

async function findingsOf(
  db: Db,
  identifier: string,
  dict: PlistDict,
  mode: ValidationMode,
  now: number,
): Promise<ProfileFinding[]> {
  const { libraryFindings, profileFindings } = await import("../profiles/check-profile.ts");
  if (mode === "off") return libraryFindings(dict);
  const { sets } = await usesOfProfile(db, identifier);
  const kept = await partsKeptFromUsers(db, sets, { profile: dict });
  return [...libraryFindings(dict), ...(await profileFindings(dict, now)), ...kept.map(withRemedy)];
}

/** Checks a profile without saving it, for one device if that is known. */
export async function judgeProfile(
  given: GivenProfile,
  context: Context,
  now: number,
): Promise<Result<{ read: ReadGiven; findings: ProfileFinding[] }, GivenRefusal>> {
  const read = await readGiven(given, undefined);
  if (!read.ok) return read;
  const { profileFindings } = await import("../profiles/check-profile.ts");
  return ok({ read: read.value, findings: await profileFindings(read.value.dict, now, context) });
}
