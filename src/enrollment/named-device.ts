import { findEnrolled } from "../db/devices.ts";
import type { Db } from "../db/open.ts";
import type { IssuedFor } from "../db/schema/certificates.ts";

/**
 * The power of naming a device. An identity for a named device may renew or replace that device's enrollment, and can read
 * its bootstrap token: the caller who makes it must have these rights.
 *
 * The surprise: the directory is asked only for a good error message. A device may enroll after its challenge was made, so
 * the challenge itself says whether it may replace an enrollment, and only one from an administrator may.
 */
export type NamedDevice = {
  issuedFor: IssuedFor;
  /** The named device: an id, or a serial number that no device has yet. */
  about: string | undefined;
};

export type NamingRefusal = { reason: "needs-admin"; detail: string };

export async function nameDevice(
  db: Db,
  names: Omit<IssuedFor, "replaces">,
  isAdmin: boolean,
): Promise<NamedDevice & { refusal: NamingRefusal | undefined }> {
  const { deviceId, udid, serial } = names;
  const ids = [deviceId, udid].filter((id) => id !== undefined);
  const enrolled = await findEnrolled(db, { ids, serial });
  const id = deviceId ?? udid ?? enrolled;
  const about =
    id === undefined ? serial && `serial/${encodeURIComponent(serial)}` : `devices/${encodeURIComponent(id)}`;
  const namesDevice = ids.length > 0 || serial !== undefined;
  const issuedFor: IssuedFor = { ...names, ...(isAdmin && namesDevice && { replaces: true as const }) };
  const refusal = isAdmin ? undefined : refusalOf(deviceId, enrolled);
  return { issuedFor, about, refusal };
}

function refusalOf(renewed: string | undefined, enrolled: string | undefined): NamingRefusal | undefined {
  if (renewed !== undefined) {
    return {
      reason: "needs-admin",
      detail: `a challenge for device_id makes an identity of ${renewed}; it needs the role admin`,
    };
  }
  if (enrolled === undefined) return undefined;
  return {
    reason: "needs-admin",
    detail: `${enrolled} is enrolled, and this would let another enrollment replace it; it needs the role admin`,
  };
}
