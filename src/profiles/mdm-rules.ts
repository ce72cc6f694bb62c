import type { PlistDict } from "../plist/value.ts";
import { type ProfileFinding, type ProfileRule, rule } from "./findings.ts";
import { type MdmKeys, mdmFindings } from "./mdm-payload.ts";
import { certificateTypes, payloadsOf } from "./payloads.ts";

/** The rules of `mdm-payload.ts`, with the codes of profile findings. */
const named: { readonly [code: string]: ProfileRule } = {
  "bad-topic": "bad-topic",
  "not-https": "bad-url",
  "bad-url": "bad-url",
  required: "bad-enrollment-mode",
  "out-of-range": "bad-access-rights",
  "lacks-right": "bad-access-rights",
  "not-in-user-enrollment": "rights-in-user-enrollment",
  "unknown-mode": "bad-enrollment-mode",
  "contradicts-mode": "bad-enrollment-mode",
  "needs-mode": "bad-enrollment-mode",
  "unknown-capability": "bad-capability",
  repeated: "bad-capability",
  "not-a-uuid": "bad-pin",
  "unknown-certificate": "bad-pin",
};

/** Checks the MDM payload of a profile, if there is one. */
export function* mdmPayloadFindings(profile: PlistDict): Generator<ProfileFinding> {
  const payloads = payloadsOf(profile);
  const certificates = payloads
    .filter(({ type }) => (certificateTypes as readonly string[]).includes(type))
    .map(({ uuid }) => uuid ?? "");
  for (const { dict, type, pointer } of payloads) {
    if (type !== "com.apple.mdm") continue;
    const mdm = wellTyped(dict);
    for (const { pointer: place, code, detail } of mdmFindings(mdm, { certificates, otherTransport: true })) {
      const name = place === "/AccessRights" && code === "required" ? "bad-access-rights" : named[code];
      yield rule(name ?? "bad-enrollment-mode", pointer + place, detail);
    }
    if (mdm.ServerCapabilities?.includes("com.apple.mdm.per-user-connections") !== true)
      yield rule("no-user-connections", `${pointer}/ServerCapabilities`, "lacks per-user-connections");
    if (mdm.UseDevelopmentAPNS) yield rule("development-push", `${pointer}/UseDevelopmentAPNS`, "is true");
    if (
      profile.get("PayloadRemovalDisallowed") === true &&
      (mdm.EnrollmentMode === "BYOD" || mdm.ManagedAppleID)
    )
      yield rule("removal-in-user-enrollment", "/PayloadRemovalDisallowed", "is true in a user enrollment");
  }
}

/** Leaves out values of the wrong type, which the catalogue has already reported. */
function wellTyped(dict: PlistDict): Partial<MdmKeys> {
  const fits = ([key, value]: [string, unknown]): boolean => {
    if (key === "AccessRights" || key === "RequiredAppIDForMDM") return typeof value === "number";
    if (/^(ServerCapabilities|.*PinningCertificateUUIDs)$/.test(key))
      return Array.isArray(value) && value.every((one) => typeof one === "string");
    if (/^(SignMessage|CheckOut|Pinning|PromptUser|UseDevelopment)/.test(key))
      return typeof value === "boolean";
    return typeof value === "string";
  };
  return Object.fromEntries([...dict].filter(fits)) as Partial<MdmKeys>;
}
