import { ok, type Result, refuse } from "../../base/result.ts";
import { type ApiKey, portalOf } from "../../business-api/assertion.ts";
import { readPrivateKey } from "../../pki/heavy/private-key.ts";
import { privateKeyShape } from "../../pki/keys.ts";
import { type PemBlock, readPem } from "../../pki/pem.ts";

/** The key of an API account as a person has it: two words from Apple's portal, and the file that it gave. */
export type GivenKey = { clientId: string; keyId: string; privateKey: string };
export type KeyRefusal = { pointer: "/client_id" | "/key_id" | "/private_key"; detail: string };

export async function readKey({
  clientId,
  keyId,
  privateKey,
}: GivenKey): Promise<Result<ApiKey, KeyRefusal>> {
  if (!portalOf(clientId))
    return refuse({ pointer: "/client_id", detail: "must begin with BUSINESSAPI. or SCHOOLAPI." });
  if (!/^[A-Za-z0-9-]{1,100}$/.test(keyId))
    return refuse({ pointer: "/key_id", detail: "must be the key id that Apple's portal shows" });
  const block = readPem(privateKey).find(({ label }) => label.endsWith("PRIVATE KEY"));
  if (!block) return notKey("must be the PEM file that Apple's portal gave");
  const pkcs8 = await pkcs8Of(block);
  const shape = pkcs8 && privateKeyShape(pkcs8);
  if (!pkcs8 || !shape?.ok) return notKey("has no private key that can be read");
  if (shape.value.kind !== "ec" || shape.value.curve !== "P-256")
    return notKey("must be an EC key on the curve P-256");
  return ok({ clientId, keyId, pkcs8 });
}

const notKey = (detail: string) => refuse<KeyRefusal>({ pointer: "/private_key", detail });

/** Apple's file says `EC PRIVATE KEY`, and has been PKCS#8 inside: what it is decides, not what it says. */
async function pkcs8Of(block: PemBlock): Promise<Uint8Array<ArrayBuffer> | undefined> {
  for (const label of new Set([block.label, "PRIVATE KEY", "EC PRIVATE KEY"])) {
    const read = await readPrivateKey({ ...block, label }, undefined);
    if (read.ok) return read.value;
  }
  return undefined;
}
