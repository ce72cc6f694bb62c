import {
  type ErrorDocument,
  type PlatformSso,
  platformSsoRequired,
  refusedEnrollment,
  softwareUpdateRequired,
} from "../../ade/error-documents.ts";
import type { MachineInfo } from "../../ade/machine-info.ts";
import { type Platform, platformOf, versionKey } from "../../mdm/platform.ts";

/**
 * Whether a device that came by automated enrollment gets its profile, decided from values alone.
 *
 * The surprise: what is wanted of the system may strand a device. A device that is told to install a version which does not
 * exist for it can never be set up, so nothing is wanted that nobody has seen released.
 */
export type Incoming = {
  machine: MachineInfo;
  /** What Apple's portal says of it; undefined: no account has it. */
  known: { account: string; hasSignIn: boolean } | undefined;
  /** `web`: the person before it has signed in on a page of ours, or is about to. */
  by: "post" | "web";
  /** A person signed in before, and the device showed for it what it was given. */
  isSignedIn: boolean;
};

export type EnrollmentPolicy = {
  unknownDevice: "refuse" | "enroll";
  minimumVersions: readonly { account?: string | undefined; platform: Platform; version: string }[];
  platformSso: PlatformSso | null;
};

export type Turned = { reason: string; document: ErrorDocument };

/** Undefined: it is let in, as far as its system is concerned; `wanted` is what is still to be looked up. */
export function decideAdmission(
  { machine, known, by, isSignedIn }: Incoming,
  policy: EnrollmentPolicy,
): Turned | undefined {
  if (known === undefined && policy.unknownDevice === "refuse")
    return turned(
      "unknown-device",
      "This device is not assigned to this server. Assign it in Apple Business, and try again.",
    );
  if (known?.hasSignIn && by === "post")
    return turned("sign-in-required", "This device is set up by signing in. Erase it, and try again.");
  if (policy.platformSso && machine.MDM_CAN_REQUEST_PSSO_CONFIG && !isSignedIn)
    return { reason: "platform-sso", document: platformSsoRequired(policy.platformSso) };
  return undefined;
}

/** The version that this device must have and has not, if its system can be told so; undefined: it is new enough. */
export function versionWanted(
  { machine, known }: Pick<Incoming, "machine" | "known">,
  { minimumVersions }: Pick<EnrollmentPolicy, "minimumVersions">,
): { platform: Platform; version: string } | undefined {
  const platform = platformOf([machine.PRODUCT]);
  const present = versionKey(machine.OS_VERSION ?? "");
  if (!machine.MDM_CAN_REQUEST_SOFTWARE_UPDATE || platform === undefined || present === undefined)
    return undefined;
  const rule = minimumVersions.find(
    ({ account, platform: other }) =>
      other === platform && (account === undefined || account === known?.account),
  );
  if (rule === undefined || (versionKey(rule.version) ?? 0) <= present) return undefined;
  return { platform, version: rule.version };
}

export const updateFirst = (version: string): Turned => ({
  reason: "system-too-old",
  document: softwareUpdateRequired(version),
});

const turned = (reason: string, message: string): Turned => ({
  reason,
  document: refusedEnrollment(reason, message),
});
