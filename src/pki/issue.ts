import type { Bytes } from "../base/bytes.ts";
import { type AltName, altNamesExtension } from "./alt-names.ts";
import type { Credential, KeyUsage } from "./certificate.ts";
import { bitString, context, integer, sequence, time } from "./der/write.ts";
import {
  authorityKeyIdExtension,
  extendedKeyUsageExtension,
  extension,
  keyUsageExtension,
  subjectKeyIdExtension,
} from "./extensions.ts";
import { keyIdentifier } from "./keys.ts";
import { oids } from "./oids.ts";
import { signingKey } from "./signature.ts";

// Makes the identities of devices (RFC 5280 section 4), within a device's own request. Who gets one, and for how long,
// is decided elsewhere; what signs itself is made in libraries/issue.ts.

/** Devices fresh from the box have wrong clocks, and a certificate from the future has cost them their challenge. */
export const backdateMs = 10 * 60 * 1000;

export type LeafOrder = {
  /** From `serialFrom`. */
  serial: Bytes;
  /** Name, DER; not empty. */
  subject: Bytes;
  spki: Bytes;
  now: number;
  lifetimeMs: number;
  keyUsage?: readonly KeyUsage[];
  altNames?: readonly AltName[];
};

/** A positive serial number of 16 bytes, 126 of its bits from `random`. */
export function serialFrom(random: Uint8Array): Bytes {
  if (random.length < 16) throw new Error(`a serial needs 16 random bytes, not ${random.length}`);
  const serial = new Uint8Array(random.subarray(0, 16));
  serial[0] = ((serial[0] as number) & 0x3f) | 0x40;
  return serial;
}

const identityKeyUsage: readonly KeyUsage[] = ["digitalSignature", "keyEncipherment"];

/** An identity for a client: never valid longer than its issuer. */
export async function issueLeaf(order: LeafOrder, { certificate, pkcs8 }: Credential): Promise<Bytes> {
  const { serial, subject, spki, now, lifetimeMs, keyUsage = identityKeyUsage, altNames = [] } = order;
  const key = await signingKey(pkcs8);
  const issuerKeyId = certificate.subjectKeyId ?? (await keyIdentifier(certificate.spki));
  const notAfter = Math.min(now + lifetimeMs, certificate.notAfter);
  const tbs = sequence(
    context(0, integer(2)),
    integer(serial),
    key.algorithm,
    certificate.subject,
    sequence(time(now - backdateMs), time(notAfter)),
    subject,
    spki,
    context(
      3,
      sequence(
        // An empty sequence says that this is no authority.
        extension(oids.basicConstraints, sequence(), true),
        keyUsageExtension(keyUsage),
        extendedKeyUsageExtension([oids.clientAuth]),
        ...(altNames.length > 0 ? [altNamesExtension(altNames)] : []),
        subjectKeyIdExtension(await keyIdentifier(spki)),
        authorityKeyIdExtension(issuerKeyId),
      ),
    ),
  );
  return sequence(tbs, key.algorithm, bitString(await key.sign(tbs)));
}
