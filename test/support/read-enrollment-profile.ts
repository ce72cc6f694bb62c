import { ok, type Result, refuse } from "../../src/base/result.ts";
import { readPlist } from "../../src/plist/read.ts";
import type { PlistDict, PlistValue } from "../../src/plist/value.ts";
import {
  type MdmFinding,
  type MdmKeys,
  type MdmSurroundings,
  mdmFindings,
} from "../../src/profiles/mdm-payload.ts";

/** An enrollment profile read back: what a device would find in it, by the parts it is made of. */
export type EnrollmentProfile = {
  identifier: string;
  uuid: string;
  /** Everything of the profile itself but its content. */
  profile: PlistDict;
  /** The MDM payload without what every payload has, and without the reference to the identity. */
  mdm: MdmKeys;
  identity: PlistDict;
  certificates: readonly PlistDict[];
  others: readonly PlistDict[];
};

export type EnrollmentProfileRefusal = { reason: "not-an-enrollment-profile"; detail: string };

const identityTypes = ["com.apple.security.scep", "com.apple.security.acme", "com.apple.security.pkcs12"];
const certificateTypes = ["com.apple.security.root", "com.apple.security.pkcs1", "com.apple.security.pem"];
/** In every payload, and in the MDM payload the way to the identity. */
const notTerms =
  /^(Payload(Description|DisplayName|Identifier|Organization|Type|UUID|Version)|IdentityCertificateUUID)$/;

export function readEnrollmentProfile(
  bytes: Uint8Array,
): Result<EnrollmentProfile, EnrollmentProfileRefusal> {
  const read = readPlist(bytes as Uint8Array<ArrayBuffer>);
  if (!read.ok || !(read.value instanceof Map)) return unfit("it is no property list's dictionary");
  const profile = read.value;
  const [identifier, uuid] = [textAt(profile, "PayloadIdentifier"), textAt(profile, "PayloadUUID")];
  const content = profile.get("PayloadContent");
  if (textAt(profile, "PayloadType") !== "Configuration" || !identifier || !uuid || !Array.isArray(content))
    return unfit("its top level is not that of a profile");
  const payloads = content.filter((one) => one instanceof Map);
  const ofType = (types: readonly string[]) =>
    payloads.filter((one) => types.includes(textAt(one, "PayloadType") ?? ""));
  const [mdm, ...more] = ofType(["com.apple.mdm"]);
  if (!mdm || more.length > 0) return unfit(`it has ${mdm ? "more than one" : "no"} MDM payload`);
  const reference = textAt(mdm, "IdentityCertificateUUID");
  const identity = ofType(identityTypes).find((one) => textAt(one, "PayloadUUID") === reference);
  if (!identity) return unfit("its IdentityCertificateUUID names no identity payload");
  const certificates = ofType(certificateTypes);
  const known = [mdm, identity, ...certificates];
  return ok({
    identifier,
    uuid,
    profile: new Map([...profile].filter(([key]) => key !== "PayloadContent")),
    mdm: Object.fromEntries([...mdm].filter(([key]) => !notTerms.test(key))) as unknown as MdmKeys,
    identity,
    certificates,
    others: payloads.filter((one) => !known.includes(one)),
  });
}

/** The rules of the MDM payload, in the profile where it stands. */
export const enrollmentProfileFindings = (
  { mdm, certificates }: EnrollmentProfile,
  around: Omit<MdmSurroundings, "certificates">,
): MdmFinding[] =>
  mdmFindings(mdm, {
    ...around,
    certificates: certificates.map((one) => textAt(one, "PayloadUUID") ?? ""),
  });

function textAt(dict: PlistDict, key: string): string | undefined {
  const value: PlistValue | undefined = dict.get(key);
  return typeof value === "string" ? value : undefined;
}

const unfit = (detail: string): { ok: false; refusal: EnrollmentProfileRefusal } =>
  refuse({ reason: "not-an-enrollment-profile", detail });
