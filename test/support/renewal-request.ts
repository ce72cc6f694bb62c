import { createPrivateKey } from "node:crypto";
import type { Bytes } from "../../src/base/bytes.ts";
import type { Credential } from "../../src/pki/certificate.ts";
import type { Identity } from "./apple-device/certificate.ts";
import { type Key, pooledKey } from "./apple-device/keys.ts";
import { certificateOf } from "./pki.ts";
import { exchange, getAuthority } from "./scep-client.ts";

/** A RenewalReq, as SCEP clients send it that are no Apple device: asked for by whoever holds the identity's key. */
export async function askRenewalOf(
  { key, certificate }: Identity,
  next?: Key,
): Promise<Identity | { failInfo: string | undefined }> {
  const [authority, wanted] = [await getAuthority(), next ?? (await pooledKey())];
  const signer = credentialOf({ key, certificate });
  const reply = await exchange(
    authority,
    { key: { spki: wanted.spki, pkcs8: pkcs8Of(wanted) }, signer },
    { type: "RenewalReq", subject: signer.certificate.subject },
  );
  const [issued] = reply.certificates;
  return issued ? { key: wanted, certificate: issued.der } : { failInfo: reply.failInfo };
}

/** One that is granted. */
export async function renewalOf(identity: Identity): Promise<Identity> {
  const renewal = await askRenewalOf(identity);
  if ("failInfo" in renewal) throw new Error(`no renewal: failInfo ${renewal.failInfo}`);
  return renewal;
}

/** The identity of a fake device, for the SCEP client of these tests. */
export const credentialOf = ({ key, certificate }: Identity): Credential => ({
  certificate: certificateOf(certificate),
  pkcs8: pkcs8Of(key),
});

const pkcs8Of = ({ pem }: Key): Bytes =>
  new Uint8Array(createPrivateKey(pem).export({ type: "pkcs8", format: "der" }));
