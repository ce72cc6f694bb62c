import { ok, type Result, refuse } from "../base/result.ts";
import { isAppleSilicon, type Platform, versionKey } from "../mdm/platform.ts";
import type { AttestationPolicy } from "./enrollment-setting-values.ts";

/**
 * The protocol for a device's identity: ACME if its key must be attested, otherwise SCEP. Decided from the facts known
 * before the device enrolls.
 *
 * The surprise: a device whose system knows the payload but whose chip cannot attest does not refuse the payload. It
 * continues without an attestation, and the challenge decides. Systems that do not know the payload, and Macs without a
 * Secure Enclave, must not get it.
 */
export type KnownMachine = {
  platform?: Platform | undefined;
  osVersion?: string | undefined;
  /** Such as `iPhone15,2` or `Mac14,2`. */
  productName?: string | undefined;
};

export type IdentityWay = { by: "scep" } | { by: "acme"; attestation: "required" | "preferred" };

export type WayRefusal = { reason: "cannot-attest"; detail: string };

export function identityWay(
  policy: AttestationPolicy,
  machine: KnownMachine,
): Result<IdentityWay, WayRefusal> {
  if (policy === "off") return ok({ by: "scep" });
  const obstacle = obstacleOf(machine);
  if (policy === "required")
    return obstacle === undefined || obstacle === "unknown"
      ? ok({ by: "acme", attestation: policy })
      : refuse({
          reason: "cannot-attest",
          detail: `this enrollment needs an attestation by Apple, but ${obstacle}: set attestation in /api/v1/enrollment/settings to preferred to enroll such devices by SCEP`,
        });
  return ok(obstacle === undefined ? { by: "acme", attestation: policy } : { by: "scep" });
}

/** Whether no known fact prevents it from attesting. */
export const mayAttest = (machine: KnownMachine): boolean => obstacleOf(machine) === undefined;

/** The first systems that attest a key for ACME. */
const firstVersions: Readonly<Record<Platform, string>> = {
  ios: "16",
  ipados: "16",
  macos: "14",
  tvos: "16",
  visionos: "1",
  watchos: "10",
};

/** Why it cannot attest; `unknown`: not known; undefined: nothing prevents it. */
function obstacleOf({ platform, osVersion, productName }: KnownMachine): string | undefined {
  if (platform === undefined) return "unknown";
  const first = firstVersions[platform];
  if (osVersion !== undefined && (versionKey(osVersion) ?? 0) < (versionKey(first) ?? 0))
    return `${platform} ${osVersion} cannot give one (${first} is the first that can)`;
  if (platform !== "macos") return undefined;
  if (productName === undefined) return "unknown";
  return isAppleSilicon(productName) ? undefined : `a ${productName} has no Secure Enclave that attests`;
}
