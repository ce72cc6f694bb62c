import { concat, read, tlv } from "./apple-device/der.ts";

/**
 * Takes the signed attributes out of a signature (in DER), and gives what they were signed as: bytes that the rest, which is
 * a well-formed signature without attributes, holds for (RFC 5652 section 11).
 */
export function attributesDropped(signature: Uint8Array): {
  signature: Uint8Array;
  body: Uint8Array<ArrayBuffer>;
} {
  const [type, explicit] = read(signature).children;
  const fields = explicit?.child(0).children ?? [];
  const signer = fields.at(-1)?.child(0).children ?? [];
  const attributes = signer.find(({ tag }) => tag === 0xa0);
  if (!type || !attributes) throw new Error("the signature has no signed attributes");
  const bare = tlv(0x30, ...signer.filter((part) => part !== attributes).map(({ raw }) => raw));
  const signedData = tlv(0x30, ...fields.slice(0, -1).map(({ raw }) => raw), tlv(0x31, bare));
  return {
    signature: tlv(0x30, concat(type.raw, tlv(0xa0, signedData))),
    body: tlv(0x31, attributes.content),
  };
}
