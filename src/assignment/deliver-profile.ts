import { type Bytes, fromBase64 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Context } from "../catalog/context.ts";
import { findCertificate, listCertificates } from "../db/certificates.ts";
import { findDeclarations } from "../db/declarations.ts";
import { type Db, openDb } from "../db/open.ts";
import { findProfile, findProfileVersion, type ProfileRow } from "../db/profiles.ts";
import { findFormer } from "../db/rollouts.ts";
import { type Payload, wrappedProfile } from "../declarations/server-filled.ts";
import { signProfile } from "../enrollment/sign-profile.ts";
import { dictOf } from "../library/profile-content.ts";
import type { VariableFacts } from "../mdm/variables.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import { type EncryptProfileRefusal, encryptProfile } from "../profiles/encrypt-profile.ts";
import { whyNotApplicable } from "./applicability.ts";
import { findChannelFacts } from "./channel-facts.ts";
import { profileDigest, type RenderedProfile, renderProfile } from "./render-profile.ts";

/** The bytes for InstallProfile: first encrypted, if requested, and then signed. `encryptTo` is a certificate, DER. */
export async function deliverProfile(
  env: Env,
  { bytes }: RenderedProfile,
  { encryptTo }: { encryptTo?: Uint8Array | undefined },
  now: number,
): Promise<Result<Bytes, EncryptProfileRefusal>> {
  if (!encryptTo) return ok(await signProfile(env, bytes, now));
  const recipient = parseCertificate(encryptTo);
  if (!recipient.ok)
    return refuse({ reason: "cannot-encrypt", detail: "the certificate of the device cannot be read" });
  const encrypted = await encryptProfile(dictOf(bytes), recipient.value);
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

/** The newest certificate that the device has used, DER: it may not have one that was issued and never used. */
export async function identityOf(env: Env, deviceId: string, now: number): Promise<Bytes | undefined> {
  const [newest] = await listCertificates(openDb(env.DB), { deviceId, revoked: false, use: null }, now, 1);
  return newest && fromBase64(newest.der);
}
/** A profile of the library as the payload of an InstallProfile for one channel. */

export type BuiltInstall = { payload: Bytes; digest: string; version: number; uuid: string };
export type BuildRefusal =
  /** It was deleted or taken away since the last reconcile: another reconcile is already requested. */
  { reason: "gone" } | { reason: "not-applicable" | "cannot"; detail: string };
export type Channel = {
  context: Context;
  facts: VariableFacts;
  /** The fingerprint of the device's identity, to encrypt to it. */
  fingerprint: string | undefined;
};
export async function buildInstall(
  env: Env,
  { identifier, version: wanted }: { identifier: string; version: number },
  { context, facts, fingerprint }: Channel,
  now: number,
): Promise<Result<BuiltInstall, BuildRefusal>> {
  const db = openDb(env.DB);
  const present = await findProfile(db, identifier);
  const former = present && present.version !== wanted ? await formerProfile(db, present) : undefined;
  const row = former?.version === wanted ? former : present;
  const digest = row && (await profileDigest(row, facts));
  if (row === undefined || !digest?.ok) return refuse({ reason: "gone" });
  const rendered = await renderProfile(env, row, facts);
  if (!rendered.ok) return refuse({ reason: "gone" });
  const detail = await whyNotApplicable(dictOf(rendered.value.bytes), context);
  if (detail !== undefined) return refuse({ reason: "not-applicable", detail });
  const recipient = row.encrypted ? await certificateOf(env, fingerprint) : undefined;
  if (row.encrypted && recipient === undefined)
    return refuse({
      reason: "cannot",
      detail: "the server does not know the certificate of the device's identity",
    });
  const delivered = await deliverProfile(env, rendered.value, { encryptTo: recipient }, now);
  if (!delivered.ok) return refuse({ reason: "cannot", detail: delivered.refusal.detail });
  const { version, uuid } = rendered.value;
  return ok({ payload: delivered.value, digest: digest.value, version, uuid });
}

/** What devices have that its rollout has not reached. */
async function formerProfile(db: Db, present: ProfileRow): Promise<ProfileRow | undefined> {
  const { identifier } = present;
  const former = (await findFormer(db, "profile", identifier))?.former;
  if (!former || !("payloadTypes" in former)) return undefined;
  const { version, uuid, digest, variables, payloadTypes } = former;
  const kept = await findProfileVersion(db, identifier, version);
  if (kept === undefined) return undefined;
  const { sealedContent, signedBy, size } = kept;
  return { ...present, version, uuid, digest, variables, payloadTypes, sealedContent, signedBy, size };
}

export async function certificateOf(env: Env, fingerprint: string | undefined): Promise<Bytes | undefined> {
  const row = fingerprint === undefined ? undefined : await findCertificate(openDb(env.DB), fingerprint);
  return row && fromBase64(row.der);
}
/** A declaration of one channel of a device. */

export type DeclaredFor = { userId: string; identifier: string };
/**
 * The profile that one of these declarations wraps, as its channel gets it, if it still has that digest. If the library
 * has a newer one, the device will soon be notified of a newer declaration.
 */

export async function findServedProfile(
  env: Env,
  { deviceId, origin }: { deviceId: string; origin: string },
  declared: readonly DeclaredFor[],
  digest: string,
  now: number,
): Promise<Bytes | undefined> {
  const db = openDb(env.DB);
  const rows = await findDeclarations(
    db,
    declared.map(({ identifier }) => identifier),
  );
  for (const { userId, identifier } of declared) {
    const row = rows.find((one) => one.identifier === identifier);
    const wrapped = row && wrappedProfile(row.type, row.payload as Payload);
    const profile = wrapped === undefined ? undefined : await findProfile(db, wrapped);
    const facts = profile && (await findChannelFacts(env, db, { deviceId, userId }, origin));
    if (!profile || !facts) continue;
    const has = async (one: ProfileRow) => {
      const present = await profileDigest(one, facts);
      return present.ok && present.value === digest;
    };
    const served = (await has(profile)) ? profile : await formerProfile(db, profile);
    if (served === undefined || !(await has(served))) continue;
    const rendered = await renderProfile(env, served, facts);
    const delivered = rendered.ok ? await deliverProfile(env, rendered.value, {}, now) : undefined;
    if (delivered?.ok) return delivered.value;
  }
  return undefined;
}
