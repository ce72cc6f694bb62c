import { whyNotInUserEnrollment } from "../assignment/applicability.ts";
import type { Finding } from "../catalog/finding.ts";
import type { PlistDict } from "../plist/value.ts";
import { readProfile } from "../profiles/read-profile.ts";
import type { Subject } from "./subject.ts";

/**
 * A device that its user enrolled takes only some payloads. The catalogue judges an InstallProfile and not the profile in
 * it, so the profile is read here. One that is encrypted, or that cannot be read, is left to the device.
 */
export async function userEnrollmentFindings(
  requestType: string,
  payload: PlistDict,
  { context }: Subject,
): Promise<Finding[]> {
  const file = requestType === "InstallProfile" ? payload.get("Payload") : undefined;
  if (!(file instanceof Uint8Array) || context.enrollmentKind !== "user") return [];
  const dict = await contentOf(file);
  const detail = dict && (await whyNotInUserEnrollment(dict, context));
  if (detail === undefined) return [];
  return [{ level: "error", pointer: "/Payload", code: "forbidden-in-user-enrollment", detail }];
}

// A batch gives the same file to many devices, and reading it verifies its signature.
const known = new WeakMap<Uint8Array, PlistDict | null>();

async function contentOf(file: Uint8Array): Promise<PlistDict | undefined> {
  const kept = known.get(file);
  if (kept !== undefined) return kept ?? undefined;
  const profile = await readProfile(new Uint8Array(file));
  known.set(file, profile.ok ? profile.value.dict : null);
  return profile.ok ? profile.value.dict : undefined;
}
