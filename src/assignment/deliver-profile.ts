import type { Bytes } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { signProfile } from "../enrollment/sign-profile.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import { type EncryptProfileRefusal, encryptProfile } from "../profiles/encrypt-profile.ts";
import { dictOf, type RenderedProfile } from "./render-profile.ts";

/** What goes into InstallProfile: encrypted first, if asked, and then signed. `encryptTo` is a certificate, DER. */
export async function deliverProfile(
  env: Env,
  { bytes }: RenderedProfile,
  { encryptTo }: { encryptTo?: Uint8Array | undefined },
  now: number,
): Promise<Result<Bytes, EncryptProfileRefusal>> {
  if (!encryptTo) return ok(await signProfile(env, bytes, now));
  const recipient = parseCertificate(encryptTo);
  if (!recipient.ok)
    return refuse({ reason: "cannot-encrypt", detail: "the certificate of the device does not parse" });
  const encrypted = encryptProfile(dictOf(bytes), recipient.value);
  return encrypted.ok ? ok(await signProfile(env, encrypted.value, now)) : encrypted;
}
