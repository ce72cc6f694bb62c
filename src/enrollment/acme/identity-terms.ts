import type { CheckedRequest } from "../../acme/certificate-request.ts";
import { loadIdentitySettings } from "../../admin/identity-settings.ts";
import type { Bytes } from "../../base/bytes.ts";
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
  const { identityLifetimeMs: lifetimeMs } = await loadIdentitySettings(env, now);
  return { subject: subjectOf(request, issuedFor), lifetimeMs };
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
