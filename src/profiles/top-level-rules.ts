import { parseEnvelope } from "../pki/cms/envelope.ts";
import { type PlistDict, PlistReal, type PlistValue } from "../plist/value.ts";
import { type ProfileFinding, rule } from "./findings.ts";
import { textAt } from "./read-profile.ts";

/**
 * The top level of a profile: rules between its keys.
 * https://developer.apple.com/documentation/devicemanagement/toplevel
 *
 * Leaves to others: types, lists and required keys in Apple's schema (the catalogue).
 */
export function* topLevelFindings(profile: PlistDict, now: number): Generator<ProfileFinding> {
  yield* nameFindings(profile, "");
  yield* contentFindings(profile);
  yield* consentFindings(profile.get("ConsentText"));
  yield* removalFindings(profile, now);
}

const customaryIdentifier = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$/;
const customaryUuid = /^[0-9A-Za-z]{8}(-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}$/;

/** The names of a profile, or of one payload. */
export function* nameFindings(dict: PlistDict, pointer: string): Generator<ProfileFinding> {
  const [identifier, uuid] = [textAt(dict, "PayloadIdentifier"), textAt(dict, "PayloadUUID")];
  for (const key of ["PayloadIdentifier", "PayloadUUID", "PayloadType"])
    if (textAt(dict, key)?.includes("{{"))
      yield rule("variable-in-identity", `${pointer}/${key}`, "has a variable");
  if (identifier?.trim() === "") yield rule("empty-identifier", `${pointer}/PayloadIdentifier`, "is empty");
  // Payloads may have any unique name.
  else if (identifier !== undefined && pointer === "" && !customaryIdentifier.test(identifier))
    yield rule("unusual-identifier", "/PayloadIdentifier", `${identifier} is not in reverse-DNS form`);
  if (uuid?.trim() === "") yield rule("empty-uuid", `${pointer}/PayloadUUID`, "is empty");
  else if (uuid !== undefined && !customaryUuid.test(uuid))
    yield rule("unusual-uuid", `${pointer}/PayloadUUID`, `${uuid} does not look like a UUID`);
}

function* contentFindings(profile: PlistDict): Generator<ProfileFinding> {
  const content = profile.get("PayloadContent");
  const encrypted = profile.get("EncryptedPayloadContent");
  if (profile.get("IsEncrypted") === true) {
    if (content !== undefined)
      yield rule("content-beside-encrypted", "/PayloadContent", "is used together with IsEncrypted");
    if (encrypted === undefined)
      yield rule("missing-encrypted-content", "/EncryptedPayloadContent", "is missing");
    else
      yield rule("encrypted-for-one", "/EncryptedPayloadContent", "can be read only by those that it names");
  } else if (encrypted !== undefined) {
    yield rule(
      "not-marked-encrypted",
      "/IsEncrypted",
      "is not true although there is EncryptedPayloadContent",
    );
  } else if (content === undefined || (Array.isArray(content) && content.length === 0)) {
    yield rule("missing-content", "/PayloadContent", content ? "is empty" : "is missing");
  }
  if (encrypted instanceof Uint8Array) {
    const envelope = parseEnvelope(encrypted, { allowLegacyCiphers: true });
    if (!envelope.ok)
      yield rule(
        "bad-encrypted-content",
        "/EncryptedPayloadContent",
        `is not readable EnvelopedData: ${envelope.refusal.reason}`,
      );
  }
}

const languageTag = /^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$/;

function* consentFindings(consent: PlistValue | undefined): Generator<ProfileFinding> {
  if (!(consent instanceof Map)) return;
  yield rule("consent-over-mdm", "/ConsentText", "is only shown when a person installs the profile");
  for (const language of consent.keys())
    if (language !== "default" && !languageTag.test(language))
      yield rule("bad-language", `/ConsentText/${language}`, `${language} is not a language`);
  if (!consent.has("default")) yield rule("no-default-language", "/ConsentText/default", "is missing");
}

function* removalFindings(profile: PlistDict, now: number): Generator<ProfileFinding> {
  const [date, expires] = [profile.get("RemovalDate"), profile.get("PayloadExpirationDate")];
  const duration = secondsOf(profile.get("DurationUntilRemoval"));
  if (date instanceof Date && date.getTime() <= now)
    yield rule("removal-date-past", "/RemovalDate", `${date.toISOString()} is past`);
  if (duration !== undefined && !(duration > 0 && Number.isFinite(duration)))
    yield rule("bad-duration", "/DurationUntilRemoval", `${duration} is not a time in seconds`);
  if (date !== undefined && duration !== undefined)
    yield rule("two-removal-times", "/DurationUntilRemoval", "is used together with RemovalDate");
  if (expires instanceof Date && expires.getTime() <= now)
    yield rule("expired", "/PayloadExpirationDate", `${expires.toISOString()} is past`);
}

function secondsOf(value: PlistValue | undefined): number | undefined {
  if (value instanceof PlistReal) return value.value;
  return typeof value === "number" ? value : undefined;
}
