import { checkProfile as checkByCatalog } from "../catalog/check.ts";
import type { Context } from "../catalog/context.ts";
import type { Finding } from "../catalog/finding.ts";
import type { PlistDict, PlistValue } from "../plist/value.ts";
import { type ProfileFinding, rule, withRemedy } from "./findings.ts";
import { identityFindings } from "./identity-rules.ts";
import { mdmPayloadFindings } from "./mdm-rules.ts";
import { payloadFindings } from "./payload-rules.ts";
import { payloadsOf } from "./payloads.ts";
import { platformFindings } from "./platform-rules.ts";
import { referenceFindings } from "./reference-rules.ts";
import { topLevelFindings } from "./top-level-rules.ts";
import { variableFindings } from "./variable-rules.ts";

/**
 * All findings about a profile together: from Apple's schema (the catalogue), and from Apple's prose and experience. Loads
 * the catalogue.
 *
 * The surprise: the form of a text with a variable is not checked; it is checked after it is filled in for a device.
 */
export async function profileFindings(
  profile: PlistDict,
  now: number,
  context: Context = {},
): Promise<ProfileFinding[]> {
  const stated = await checkByCatalog(profile, context);
  const found = [
    ...stated.filter((finding) => !isAboutVariable(finding, profile)).map(withRemedy),
    ...topLevelFindings(profile, now),
    ...payloadFindings(profile),
    ...referenceFindings(profile),
    ...mdmPayloadFindings(profile),
    ...variableFindings(profile),
    ...channelFindings(profile, context),
    ...(await identityFindings(profile, now)),
    ...(await platformFindings(profile)),
  ];
  return found.slice(0, mostFindings);
}

const mostFindings = 500;

/** Enrollment profiles are made one by one and do not belong in the library. */
export const libraryFindings = (profile: PlistDict): ProfileFinding[] =>
  payloadsOf(profile)
    .filter(({ type }) => type === "com.apple.mdm")
    .map(({ pointer }) => rule("mdm-in-library", pointer, "is the payload that enrolls a device"));

function* channelFindings(profile: PlistDict, { channel }: Context): Generator<ProfileFinding> {
  const scope = profile.get("PayloadScope");
  if (channel && typeof scope === "string" && scope !== (channel === "device" ? "System" : "User"))
    yield rule("scope-channel", "/PayloadScope", `is ${scope}, but the profile goes to a ${channel} channel`);
}

function isAboutVariable({ code, pointer }: Finding, profile: PlistDict): boolean {
  if (code !== "bad-format" && code !== "not-in-list") return false;
  const value = valueAt(profile, pointer);
  return typeof value === "string" && value.includes("{{");
}

function valueAt(root: PlistValue, pointer: string): PlistValue | undefined {
  let value: PlistValue | undefined = root;
  for (const part of pointer.split("/").slice(1)) {
    const member = part.replace(/~1/g, "/").replace(/~0/g, "~");
    if (value instanceof Map) value = value.get(member);
    else value = Array.isArray(value) ? value[Number(member)] : undefined;
  }
  return value;
}
