import { type Bytes, fromBase64 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { listCertificates } from "../db/certificates.ts";
import { openDb } from "../db/open.ts";
import type { ProfileRow } from "../db/profiles.ts";
import { signProfile } from "../enrollment/sign-profile.ts";
import type { VariableFacts } from "../mdm/variables.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import { type EncryptProfileRefusal, encryptProfile } from "../profiles/encrypt-profile.ts";
import { dictOf, type RenderedProfile, renderProfile } from "./render-profile.ts";

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

export type ProfileForRefusal = EncryptProfileRefusal | { reason: "missing-variables"; detail: string };

/** A profile of the library for one channel, ready to be installed. */
export async function profileFor(
  env: Env,
  row: ProfileRow,
  { deviceId, facts }: { deviceId: string; facts: VariableFacts },
  now: number,
): Promise<Result<{ rendered: RenderedProfile; payload: Bytes }, ProfileForRefusal>> {
  const rendered = await renderProfile(env, row, facts);
  if (!rendered.ok) {
    const detail = `the device has no value for ${rendered.refusal.missing.join(", ")}`;
    return refuse({ reason: "missing-variables", detail });
  }
  const encryptTo = row.encrypted ? await identityOf(env, deviceId, now) : undefined;
  if (row.encrypted && !encryptTo)
    return refuse({ reason: "cannot-encrypt", detail: "no identity of the device is known" });
  const payload = await deliverProfile(env, rendered.value, { encryptTo }, now);
  return payload.ok ? ok({ rendered: rendered.value, payload: payload.value }) : payload;
}

/** The newest certificate that the device has used, DER: one that is issued and not yet used it may not have. */
export async function identityOf(env: Env, deviceId: string, now: number): Promise<Bytes | undefined> {
  const [newest] = await listCertificates(openDb(env.DB), { deviceId, revoked: false }, now, 1);
  return newest && fromBase64(newest.der);
}
