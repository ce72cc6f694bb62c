/** What a device can be enrolled from and renewed with, and how the server can spoil it. */
import type { AcmeParameters } from "./acme.ts";
import type { Identity } from "./certificate.ts";
import type { Answer } from "./line.ts";
import { capability, type EnrollmentProfile, readEnrollmentProfile } from "./profile.ts";
import type { ScepParameters } from "./scep.ts";

/** What an enrollment starts from: a profile, or what such a profile would say. */
export type EnrollmentSource = (
  | { profile: Uint8Array }
  | {
      serverUrl: string;
      checkinUrl?: string;
      topic: string;
      scepUrl?: string;
      challenge?: string;
      /** Its identity is to come by ACME. */
      acme?: AcmeParameters;
      signMessage?: boolean;
      accessRights?: number;
      capabilities?: readonly string[];
      checkOutWhenRemoved?: boolean;
      enrollmentMode?: "BYOD" | "ADDE";
      managedAppleId?: string;
    }
) & {
  /** An identity that came another way than SCEP (ACME, PKCS #12). */
  identity?: Identity;
  /** A key that nobody has had before, instead of one of the pool. */
  freshKey?: boolean;
  /** The access token of an account-driven enrollment. */
  accessToken?: string;
};

export type RenewalSource = ({ profile: Uint8Array } | { challenge: string } | { identity: Identity }) & {
  authenticate?: boolean;
  freshKey?: boolean;
};

/** The server refused a check-in that the installation of the profile depends on. */
export class EnrollmentFailed extends Error {
  override readonly name = "EnrollmentFailed";

  readonly stage: "Authenticate" | "TokenUpdate";
  readonly status: number;
  readonly answer: Answer;

  constructor(stage: "Authenticate" | "TokenUpdate", answer: Answer) {
    super(`the server answered ${stage} with ${answer.status}`);
    this.stage = stage;
    this.status = answer.status;
    this.answer = answer;
  }
}

/** What a payload of ours would say beside its URL and challenge. */
export const scepDefaults = {
  keyUsage: 5,
  subject: [[["O", "edgemdm"]]],
} as const satisfies Partial<ScepParameters>;

const profileIdentifier = "com.example.enrollment";

export function profileFrom(
  source: EnrollmentSource,
  requireHttps: boolean,
  newUuid: () => string,
): EnrollmentProfile {
  if ("profile" in source) return readEnrollmentProfile(source.profile, requireHttps);
  return {
    certificates: [],
    acme: source.acme,
    scep: source.scepUrl === undefined ? undefined : scepFrom(source.scepUrl, source.challenge),
    management: {
      serverUrl: source.serverUrl,
      checkInUrl: source.checkinUrl ?? source.serverUrl,
      topic: source.topic,
      signMessage: source.signMessage ?? true,
      accessRights: source.accessRights ?? 8191,
      capabilities: source.capabilities ?? Object.values(capability),
      checkOutWhenRemoved: source.checkOutWhenRemoved ?? true,
      enrollmentMode: source.enrollmentMode,
      managedAppleId: source.managedAppleId,
      profileIdentifier,
      profileUuid: newUuid(),
      identityPayloadIdentifier: `${profileIdentifier}.identity`,
    },
  };
}

const scepFrom = (url: string, challenge: string | undefined): ScepParameters => ({
  ...scepDefaults,
  url,
  ...(challenge === undefined ? {} : { challenge }),
});
