import type { Finding } from "../catalog/finding.ts";
import type { PlistDict } from "../plist/value.ts";
import { readProvisioningProfile } from "../profiles/provisioning-profile.ts";
import type { Subject } from "./subject.ts";

/**
 * A provisioning profile names the devices on which its apps run. Installed on another one it does no harm and no good,
 * and the device says nothing of that: so it is said here.
 *
 * Said of nobody whose UDID is not known: a user enrollment hides it, and a Mac goes by another one.
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
      detail: `the profile names ${devices.size} devices, and not this one: its apps will not start here; add ${deviceId} to it at Apple`,
    },
  ];
}

// A batch gives the same file to many devices, and reading it verifies its signature. What was read is kept, and no
// promise of it: one that was made for a request must not be awaited for another.
const known = new WeakMap<Uint8Array, ReadonlySet<string> | null>();

/** Null: every device, or a file that cannot be read, which the device will say. */
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
