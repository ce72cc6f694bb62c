import { type Bytes, fromBase64 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Context } from "../catalog/context.ts";
import { findCertificate } from "../db/certificates.ts";
import { openDb } from "../db/open.ts";
import { findProfile } from "../db/profiles.ts";
import type { VariableFacts } from "../mdm/variables.ts";
import { whyNotApplicable } from "./applicability.ts";
import { deliverProfile } from "./deliver-profile.ts";
import { profileDigest } from "./profile-digest.ts";
import { dictOf, renderProfile } from "./render-profile.ts";

/** A profile of the library as the payload of an InstallProfile for one channel. */
export type BuiltInstall = { payload: Bytes; digest: string; version: number; uuid: string };

export type BuildRefusal =
  /** Deleted or taken away since the device looked: it is being told to look again. */
  { reason: "gone" } | { reason: "not-applicable" | "cannot"; detail: string };

type Channel = {
  context: Context;
  facts: VariableFacts;
  /** Of the device's identity, for what is encrypted to it. */
  fingerprint: string | undefined;
};

export async function buildInstall(
  env: Env,
  identifier: string,
  { context, facts, fingerprint }: Channel,
  now: number,
): Promise<Result<BuiltInstall, BuildRefusal>> {
  const db = openDb(env.DB);
  const row = await findProfile(db, identifier);
  const digest = row && (await profileDigest(row, facts));
  if (row === undefined || !digest?.ok) return refuse({ reason: "gone" });
  const rendered = await renderProfile(env, row, facts);
  if (!rendered.ok) return refuse({ reason: "gone" });
  const detail = await whyNotApplicable(dictOf(rendered.value.bytes), context);
  if (detail !== undefined) return refuse({ reason: "not-applicable", detail });
  const recipient = row.encrypted ? await certificateOf(env, fingerprint) : undefined;
  if (row.encrypted && recipient === undefined)
    return refuse({ reason: "cannot", detail: "the certificate of the device's identity is not known here" });
  const delivered = await deliverProfile(env, rendered.value, { encryptTo: recipient }, now);
  if (!delivered.ok) return refuse({ reason: "cannot", detail: delivered.refusal.detail });
  const { version, uuid } = rendered.value;
  return ok({ payload: delivered.value, digest: digest.value, version, uuid });
}

async function certificateOf(env: Env, fingerprint: string | undefined): Promise<Bytes | undefined> {
  const row = fingerprint === undefined ? undefined : await findCertificate(openDb(env.DB), fingerprint);
  return row && fromBase64(row.der);
}
