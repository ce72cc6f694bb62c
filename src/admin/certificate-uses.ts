import * as v from "valibot";
import { variablesIn } from "../mdm/variables.ts";

/**
 * The setting `certificate_uses`: what certificates besides identities are for, who gets them and how. An asset
 * (`com.apple.asset.credential.acme`) names one of them.
 */

/** Names in a certificate are trusted by others, so nothing that a device may choose, such as its name, may be in them. */
const isTrusted = (name: string): boolean =>
  ["device.id", "device.udid", "device.serial_number"].includes(name) || name.startsWith("attribute.");

const name = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(200),
  v.check(
    (text) => variablesIn(text).every(isTrusted),
    "may have only the variables device.id, device.udid, device.serial_number and attribute.…: devices choose the others themselves",
  ),
);

const certificateUse = v.strictObject({
  /** Part of its directory's address. */
  name: v.pipe(
    v.string(),
    v.regex(
      /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/,
      "must be lower-case letters, digits and hyphens, 40 at most",
    ),
  ),
  /** `off`: the key is an ordinary one; the others need a key on a curve. */
  attestation: v.optional(v.picklist(["required", "preferred", "off"]), "preferred"),
  key: v.optional(v.picklist(["P-256", "P-384", "RSA-2048"]), "P-256"),
  validity_days: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(825)), 365),
  renewal_days: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(824)), 30),
  common_name: v.optional(name, "{{device.id}}"),
  subject_alt_name: v.optional(
    v.strictObject({
      rfc822Name: v.exactOptional(name),
      dNSName: v.exactOptional(name),
      uniformResourceIdentifier: v.exactOptional(name),
      ntPrincipalName: v.exactOptional(name),
    }),
    {},
  ),
  /** Only devices with one of these tags; null: all that a set gives the asset. */
  tags: v.optional(
    v.nullable(v.pipe(v.array(v.pipe(v.string(), v.maxLength(100))), v.minLength(1), v.maxLength(50))),
    null,
  ),
  /** The id of the authority that issues them; null: the one that issues identities. */
  authority: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(100))), null),
});

export type CertificateUsePolicy = v.InferOutput<typeof certificateUse>;

export const certificateUses = v.pipe(
  v.array(
    v.pipe(
      certificateUse,
      v.check(
        ({ attestation, key }) => attestation === "off" || key !== "RSA-2048",
        "a key that is attested must be P-256 or P-384: set attestation to off for RSA-2048",
      ),
      v.check(
        ({ validity_days, renewal_days }) => renewal_days < validity_days,
        "renewal_days must be less than validity_days: otherwise a new certificate would be due at once",
      ),
    ),
  ),
  v.maxLength(20),
  v.check((uses) => new Set(uses.map((use) => use.name)).size === uses.length, "each name may be used once"),
);
