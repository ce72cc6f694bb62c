import type { CheckedRequest } from "../../acme/certificate-request.ts";
import { validityDays } from "../../admin/identity-validity.ts";
import type { Bytes } from "../../base/bytes.ts";
import { day } from "../../base/time.ts";
import { openDb } from "../../db/open.ts";
import type { IssuedFor } from "../../db/schema/certificates.ts";
import { findSetting } from "../../db/settings.ts";
import { commonName } from "../../pki/names.ts";
import type { IdentityOrder } from "../identity.ts";

/** The name and the lifetime of a device's identity. */
export async function termsOfIdentity(
  env: Env,
  request: CheckedRequest,
  issuedFor: IssuedFor,
): Promise<Pick<IdentityOrder, "subject" | "lifetimeMs">> {
  return { subject: subjectOf(request, issuedFor), lifetimeMs: await identityLifetimeMs(env) };
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

async function identityLifetimeMs(env: Env): Promise<number> {
  return validityDays(await findSetting(openDb(env.DB), "identity_validity_days")) * day;
}
