import type { AttestedFacts } from "../../acme/attested-facts.ts";
import type { ChallengeRow } from "../../db/challenges.ts";
import type { IssuedFor } from "../../db/schema/certificates.ts";
import type { UseTerms } from "../../db/schema/challenges.ts";
import { fitsAttestedUdid } from "../../mdm/attested-udid.ts";

/**
 * The terms of a client identifier, set when it was made: who the identity is for, and what its key must prove. Decided
 * only from values.
 */
export type Promised = {
  attestation: "required" | "preferred";
  issuedFor: IssuedFor;
  /** The kind of the enrollment. */
  kind: string;
  /** Absent: the certificate is an identity. */
  use?: UseTerms;
};

export const promisedBy = ({ issuedFor, enrollment }: ChallengeRow): Promised => ({
  attestation: enrollment?.attestation ?? "required",
  issuedFor,
  kind: enrollment?.kind ?? "device",
  ...(enrollment?.use && { use: enrollment.use }),
});

/** Why the attested device is not the expected one; undefined: it is. */
export function mismatch(
  { attestation, issuedFor, kind }: Promised,
  facts: AttestedFacts,
): string | undefined {
  const { serial, udid, deviceId } = issuedFor;
  if (facts.serial !== undefined && serial !== undefined && facts.serial !== serial)
    return `the attested serial number ${facts.serial} is not the one that the enrollment is for`;
  // In a user enrollment nothing names the machine, neither the attestation nor the device id.
  if (kind === "user") return undefined;
  const expected = udid ?? deviceId;
  if (expected !== undefined && !fitsAttestedUdid(facts.udid, expected))
    return `the attested UDID ${facts.udid} is not the one that the enrollment is for`;
  // Apple leaves out facts that it could not find out.
  return facts.serial === undefined && attestation === "required"
    ? "the attestation does not name the device's serial number"
    : undefined;
}

/** Who the identity is for: the facts known before, and the attested device. */
export const issuedForWith = ({ issuedFor, kind }: Promised, facts: AttestedFacts | undefined): IssuedFor => {
  const { serial, udid } = facts ?? {};
  if (kind === "user" || (serial === undefined && udid === undefined)) return issuedFor;
  return {
    ...issuedFor,
    attested: { ...(serial !== undefined && { serial }), ...(udid !== undefined && { udid }) },
  };
};
