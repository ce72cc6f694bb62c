import type { Finding } from "../catalog/finding.ts";
import type { PlistDict } from "../plist/value.ts";
import { readProvisioningProfile } from "../profiles/provisioning-profile.ts";
import type { Subject } from "./subject.ts";

/**
 * A provisioning profile names the devices on which its apps run. On another device it has no effect, and the device does
 * not report that. So the server warns.
 *
 * There is no warning if the UDID is unknown: a user enrollment hides it, and a Mac enrolls with another one.
 */
export async function provisioningFindings(
  requestType: string,
  payload: PlistDict,
  { deviceId, context }: Subject,
): Promise<Finding[]> {
  const file = requestType === "InstallProvisioningProfile" ? payload.get("ProvisioningProfile") : undefined;
  if (!(file instanceof Uint8Array)) return [];
  if (context.enrollmentKind === "user") return [];
  if (context.platform === undefined || context.platform === "macos") return [];
  const devices = await devicesIn(file);
  if (devices === null || devices.has(deviceId.toUpperCase())) return [];
  return [
    {
      level: "warning",
      pointer: "/ProvisioningProfile",
      code: "not-provisioned",
      detail: `the profile names ${devices.size} devices, but not this one: its apps will not start here; add ${deviceId} to it at Apple`,
    },
  ];
}

// A batch gives the same file to many devices, and reading it verifies its signature. The value is cached, not a
// promise: a promise that one request made must not be awaited in another one.
const known = new WeakMap<Uint8Array, ReadonlySet<string> | null>();

/** Null: every device, or an unreadable file, which the device will report. */
async function devicesIn(file: Uint8Array): Promise<ReadonlySet<string> | null> {
  const kept = known.get(file);
  if (kept !== undefined) return kept;
  const devices = await read(file);
  known.set(file, devices);
  return devices;
}

async function read(file: Uint8Array): Promise<ReadonlySet<string> | null> {
  const profile = await readProvisioningProfile(new Uint8Array(file));
  if (!profile.ok || profile.value.devices === null) return null;
  return new Set(profile.value.devices.map((udid) => udid.toUpperCase()));
}
