import * as v from "valibot";
import { findingLevels } from "../../../catalog/finding.ts";
import type { ProfileEntry, ProfileVersionEntry } from "../../../db/profiles.ts";
import type { Certificate } from "../../../pki/certificate.ts";
import { fingerprint } from "../../../pki/parse-certificate.ts";
import { connectivityOf, connectivityParts } from "../../../profiles/connectivity.ts";
import { type ProfileFinding, profileRules } from "../../../profiles/findings.ts";
import { begunRollout } from "../rollouts/plan-json.ts";
import type { RequestError } from "../route/request-error.ts";
import { isoTime, Time } from "../route/times.ts";

/** How profiles of the library look in answers. */
const whole = v.pipe(v.number(), v.integer());
const text = v.nullable(v.string());

const codes = [...Object.keys(findingLevels), ...Object.keys(profileRules)] as (
  | keyof typeof findingLevels
  | keyof typeof profileRules
)[];

export const ProfileFindingJson = v.pipe(
  v.object({
    level: v.picklist(["error", "warning"]),
    pointer: v.pipe(
      v.string(),
      v.description("A JSON pointer into the profile; for a missing key, the place where it belongs"),
    ),
    code: v.pipe(v.picklist(codes), v.description("The rule")),
    detail: v.string(),
    remedy: v.pipe(v.string(), v.description("What to do about it")),
    suggestion: v.exactOptional(v.pipe(v.string(), v.description("What you probably meant"))),
  }),
  v.title("ProfileFinding"),
);

export const Profile = v.pipe(
  v.object({
    identifier: v.string(),
    version: v.pipe(whole, v.description("Goes up by one each time the content changes")),
    name: text,
    uuid: v.pipe(v.string(), v.description("PayloadUUID; with variables, each device gets another one")),
    digest: v.pipe(
      v.string(),
      v.description("SHA-256 of the content's meaning; the file format and the order of keys do not matter"),
    ),
    payload_types: v.array(v.string()),
    connectivity_critical: v.pipe(
      v.array(v.picklist(connectivityParts)),
      v.description(
        "What in it a device needs to reach the server; empty: nothing. Changes of such profiles go in rings, unless the setting `connectivity_rollout` says otherwise",
      ),
    ),
    variables: v.pipe(v.array(v.string()), v.description("The variables that are filled in for each device")),
    signed_by: v.pipe(text, v.description("Who had signed the uploaded file; null: nobody")),
    encrypted: v.pipe(v.boolean(), v.description("Whether it is encrypted to the identity of each device")),
    size: whole,
    created_at: Time,
    updated_at: Time,
    updated_by: v.pipe(v.string(), v.description("The id of a token")),
  }),
  v.title("Profile"),
);

export const content = v.pipe(
  v.record(v.string(), v.unknown()),
  v.description("Apple's own keys; data in base64, dates in ISO 8601"),
);

export const ProfileDetail = v.pipe(
  v.object({
    ...Profile.entries,
    profile: v.pipe(content, v.description("Secrets are masked, except for admins")),
  }),
  v.title("ProfileDetail"),
);

export const Signature = v.pipe(
  v.object({
    subject: v.string(),
    fingerprint: v.pipe(v.string(), v.description("SHA-256 of the certificate, in hex")),
    not_before: Time,
    not_after: Time,
  }),
  v.title("ProfileSignature"),
);

const signature = v.pipe(
  v.nullable(Signature),
  v.description("A valid signature by any signer; it is not kept. null: there was none"),
);

export const SavedProfile = v.pipe(
  v.object({
    ...Profile.entries,
    outcome: v.picklist(["added", "changed", "unchanged"]),
    rollout: begunRollout,
    signature,
    warnings: v.array(ProfileFindingJson),
  }),
  v.title("SavedProfile"),
);

export const ProfileVerdict = v.pipe(
  v.object({
    valid: v.pipe(v.boolean(), v.description("Without errors")),
    variables: v.array(v.string()),
    signature,
    findings: v.array(ProfileFindingJson),
  }),
  v.title("ProfileVerdict"),
);

export const ProfileVersion = v.pipe(
  v.object({
    version: whole,
    uuid: v.string(),
    digest: v.string(),
    signed_by: text,
    size: whole,
    saved_at: Time,
    saved_by: v.pipe(v.string(), v.description("The id of a token")),
  }),
  v.title("ProfileVersion"),
);

export const presentProfile = (row: ProfileEntry): v.InferInput<typeof Profile> => ({
  identifier: row.identifier,
  version: row.version,
  name: row.name,
  uuid: row.uuid,
  digest: row.digest,
  payload_types: row.payloadTypes,
  connectivity_critical: connectivityOf(row.payloadTypes),
  variables: row.variables,
  signed_by: row.signedBy,
  encrypted: row.encrypted,
  size: row.size,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
  updated_by: row.updatedBy,
});

export const presentVersion = (row: ProfileVersionEntry): v.InferInput<typeof ProfileVersion> => ({
  version: row.version,
  uuid: row.uuid,
  digest: row.digest,
  signed_by: row.signedBy,
  size: row.size,
  saved_at: isoTime(row.savedAt),
  saved_by: row.savedBy,
});

export async function presentSigner(
  signer: Certificate | undefined,
): Promise<v.InferInput<typeof Signature> | null> {
  if (!signer) return null;
  return {
    subject: signer.subjectText,
    fingerprint: await fingerprint(signer.der),
    not_before: isoTime(signer.notBefore),
    not_after: isoTime(signer.notAfter),
  };
}

export const errorOf = ({ pointer, code, detail, remedy }: ProfileFinding): RequestError => ({
  pointer,
  code,
  detail: `${detail}. ${remedy}`,
});
