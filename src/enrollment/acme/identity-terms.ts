import type { CheckedRequest } from "../../acme/certificate-request.ts";
import type { Bytes } from "../../base/bytes.ts";
import { day } from "../../base/time.ts";
import type { IssuedFor } from "../../db/schema/certificates.ts";
import { commonName } from "../../pki/names.ts";
import type { IdentityOrder } from "../identity.ts";

/** The name and the lifetime of a device's identity. */
export async function termsOfIdentity(
  env: Env,
  request: CheckedRequest,
  issuedFor: IssuedFor,
  now: number,
): Promise<Pick<IdentityOrder, "subject" | "lifetimeMs">> {
  return { subject: subjectOf(request, issuedFor), lifetimeMs: await identityLifetimeMs(env, now) };
}

const emptyName = 2;

/** Only a label, as in SCEP: the record says who an identity is for. */
function subjectOf(
  { subject }: CheckedRequest,
  { serial, udid, account, deviceId, attested }: IssuedFor,
): Bytes {
  if (subject.length > emptyName) return subject;
  return commonName(attested?.serial ?? serial ?? udid ?? deviceId ?? account ?? "device");
}

/** Checking the settings needs a library that nothing else of an order needs. */
async function identityLifetimeMs(env: Env, now: number): Promise<number> {
  const { loadSettings } = await import("../../admin/settings.ts");
  return (await loadSettings(env, now)).identity_validity_days * day;
}
