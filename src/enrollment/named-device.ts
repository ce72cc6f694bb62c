import { findEnrolled } from "../db/devices.ts";
import type { Db } from "../db/open.ts";
import type { IssuedFor } from "../db/schema/certificates.ts";

/**
 * What naming a device lends. An identity that was made for a device may renew that device's enrollment, or take its
 * place, and reads what is escrowed for it: whoever mints it must be allowed as much.
 *
 * The surprise: asking the directory is for the error alone. A device may enroll after its challenge was minted, so
 * the challenge itself says whether it may take an enrollment's place, and only an administrator's says so.
 */
export type NamedDevice = {
  issuedFor: IssuedFor;
  /** The device that is meant, as far as that is known: an id, or a serial number that no device has yet. */
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
    detail: `${enrolled} is enrolled, and this would let another enrollment take its place; it needs the role admin`,
  };
}
