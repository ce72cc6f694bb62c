import type { PlistDict } from "../plist/value.ts";
import { type ProfileFinding, rule } from "./findings.ts";
import { membersWithin, type Payload, payloadsOf } from "./payloads.ts";
import { textAt } from "./read-profile.ts";
import { nameFindings } from "./top-level-rules.ts";

/**
 * Rules between the payloads of a profile: names that must differ, and the two parts of a removal password.
 * https://developer.apple.com/documentation/devicemanagement/commonpayloadkeys
 */
export function* payloadFindings(profile: PlistDict): Generator<ProfileFinding> {
  const payloads = payloadsOf(profile);
  for (const { dict, pointer } of payloads) yield* nameFindings(dict, pointer);
  yield* repeated(payloads, "PayloadIdentifier", "duplicate-identifier", undefined);
  yield* repeated(payloads, "PayloadUUID", "duplicate-uuid", textAt(profile, "PayloadUUID"));
  yield* removalPassword(profile, payloads);
  yield* reservedKeys(payloads);
  for (const { type, pointer } of payloads)
    if (type === "com.apple.declarations")
      yield rule("not-over-mdm", `${pointer}/PayloadType`, `devices do not accept ${type} from MDM`);
}

function* repeated(
  payloads: readonly Payload[],
  key: string,
  code: "duplicate-identifier" | "duplicate-uuid",
  taken: string | undefined,
): Generator<ProfileFinding> {
  const seen = new Set(taken ? [taken] : []);
  for (const { dict, pointer } of payloads) {
    const name = textAt(dict, key);
    if (!name) continue;
    if (seen.has(name)) yield rule(code, `${pointer}/${key}`, `${name} is already used by another payload`);
    seen.add(name);
  }
}

const removalPasswordType = "com.apple.profileRemovalPassword";

function* removalPassword(profile: PlistDict, payloads: readonly Payload[]): Generator<ProfileFinding> {
  const has = payloads.find(({ type }) => type === removalPasswordType);
  const says = profile.get("HasRemovalPasscode") === true;
  if (says && !has && profile.get("IsEncrypted") !== true)
    yield rule("removal-password-missing", "/HasRemovalPasscode", "is true, but no payload has the password");
  if (has && !says)
    yield rule(
      "removal-password-unannounced",
      "/HasRemovalPasscode",
      "is not true although there is a removal password",
    );
}

const commonKeys =
  /^Payload(Type|Version|Identifier|UUID|DisplayName|Description|Organization|Enabled|Content|CertificateFileName)$/;

const preferences = "com.apple.ManagedClient.preferences";

/** Preferences, of other vendors or of any domain, must not have names that belong to profiles. */
function* reservedKeys(payloads: readonly Payload[]): Generator<ProfileFinding> {
  for (const { dict, type, pointer } of payloads) {
    if (type.startsWith("com.apple.") && type !== preferences) continue;
    for (const { key, pointer: place } of membersWithin(dict, pointer)) {
      const isOwn = place === `${pointer}/${key}`;
      const isPreference = isOwn ? type !== preferences : place.includes("/mcx_preference_settings/");
      if (isPreference && key.startsWith("Payload") && !(isOwn && commonKeys.test(key)))
        yield rule("reserved-key", place, `${key} begins with Payload`);
    }
  }
}
