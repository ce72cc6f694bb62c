import type { CertificateUsePolicy } from "../../admin/certificate-uses.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import { day } from "../../base/time.ts";
import type { CertificateUse } from "../../db/schema/certificates.ts";
import type { UseTerms } from "../../db/schema/challenges.ts";
import type { Platform } from "../../mdm/platform.ts";
import { fillVariables, type VariableFacts } from "../../mdm/variables.ts";
import { namesOfSettings } from "../alternative-names.ts";
import { mayAttest } from "../identity-way.ts";

/**
 * What one device gets of a use of certificates: the setting, filled in with the facts about the device. Decided only from
 * values, so that it can be repeated.
 *
 * The surprise: a policy that prefers an attestation asks only devices for one that are known to be able to attest. Others
 * get an ordinary key, because a Mac without a Secure Enclave refuses the whole document.
 */
export type UseOffer = { terms: UseTerms; attestation: "required" | "preferred" | "none" };

export type Missing = { missing: string[] };

export function offerOf(
  policy: CertificateUsePolicy,
  holder: Omit<CertificateUse, "name">,
  facts: VariableFacts,
  organization: string,
): Result<UseOffer, Missing> {
  const filled = fillVariables({ name: policy.common_name, alt: policy.subject_alt_name }, facts);
  if (!filled.ok) return filled;
  const altNames = namesOfSettings({ SubjectAltName: filled.value.alt });
  // Other kinds of names can have no other characters.
  if (altNames.some(({ kind, value }) => kind !== "upn" && !/^[\x21-\x7e]{1,255}$/.test(value)))
    return refuse({ missing: [`use:${policy.name}`] });
  const attestation = attestationOf(policy, facts);
  if (attestation === undefined) return refuse({ missing: ["attestation"] });
  return ok({
    attestation,
    terms: {
      name: policy.name,
      ...holder,
      key: policy.key,
      organization,
      commonName: filled.value.name.slice(0, longestCommonName),
      altNames,
      lifetimeMs: policy.validity_days * day,
      renewalMs: policy.renewal_days * day,
      ...(policy.authority !== null && { authority: policy.authority }),
    },
  });
}

/** RFC 5280, appendix A.1. */
const longestCommonName = 64;

/** undefined: it must attest and cannot. */
function attestationOf(
  { attestation }: CertificateUsePolicy,
  { device }: VariableFacts,
): UseOffer["attestation"] | undefined {
  if (attestation === "off") return "none";
  const can = mayAttest({
    platform: (device.platform ?? undefined) as Platform | undefined,
    osVersion: device.os_version ?? undefined,
    productName: device.product_name ?? undefined,
  });
  if (can) return attestation;
  return attestation === "required" ? undefined : "none";
}
