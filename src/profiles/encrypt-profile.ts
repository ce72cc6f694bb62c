import type { Bytes } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Certificate } from "../pki/certificate.ts";
import { buildEnvelope } from "../pki/cms/envelope.ts";
import { keyShape } from "../pki/keys.ts";
import type { PlistDict } from "../plist/value.ts";
import { writePlist } from "../plist/write.ts";

export type EncryptProfileRefusal = { reason: "cannot-encrypt"; detail: string };

/**
 * A profile that only the owner of one identity can read: its payloads, as a separate property list, in CMS EnvelopedData.
 * Its other keys stay readable.
 * https://developer.apple.com/documentation/devicemanagement/toplevel
 *
 * The surprise: devices are known to open AES-128-CBC under RSAES-PKCS1-v1_5. Identities on elliptic curves would need key
 * agreement, and no device is known to support that here.
 */
export async function encryptProfile(
  profile: PlistDict,
  recipient: Certificate,
): Promise<Result<Bytes, EncryptProfileRefusal>> {
  const content = profile.get("PayloadContent");
  if (content === undefined) return ok(writePlist(profile));
  const shape = keyShape(recipient.spki);
  if (shape.ok && shape.value.kind === "ec")
    return refuse({
      reason: "cannot-encrypt",
      detail: `the device's identity has a key on the curve ${shape.value.curve}, like all identities from ACME, so nothing can be encrypted to it`,
    });
  if (recipient.keyUsage && !recipient.keyUsage.has("keyEncipherment"))
    return refuse({
      reason: "cannot-encrypt",
      detail: "the key usage of the device's identity does not allow keyEncipherment",
    });
  const envelope = await buildEnvelope(writePlist(content), recipient);
  if (!envelope.ok)
    return refuse({ reason: "cannot-encrypt", detail: `the device's identity: ${envelope.refusal.detail}` });
  const open = [...profile].filter(([key]) => key !== "PayloadContent");
  return ok(
    writePlist(new Map([...open, ["EncryptedPayloadContent", envelope.value], ["IsEncrypted", true]])),
  );
}
