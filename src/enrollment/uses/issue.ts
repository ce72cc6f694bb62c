import { type AcmeRefusal, acmeRefusal } from "../../acme/problem.ts";
import type { Bytes } from "../../base/bytes.ts";
import { isEnrolledIn } from "../../db/enrolled.ts";
import { openDb } from "../../db/open.ts";
import type { IssuedFor } from "../../db/schema/certificates.ts";
import type { UseTerms } from "../../db/schema/challenges.ts";
import { keyShape } from "../../pki/keys.ts";
import type { Promised } from "../acme/promise.ts";
import type { IdentityOrder } from "../identity.ts";
import { subjectOfUse } from "./subject.ts";

/** Why a certificate that is not an identity is not issued; undefined: nothing prevents it, or it is an identity. */
export async function obstacleToUse(
  env: Env,
  { use, issuedFor }: Promised,
  spki: Bytes,
): Promise<AcmeRefusal | undefined> {
  if (!use) return undefined;
  if (nameOfKey(spki) !== use.key) return acmeRefusal("badCSR", `its key is not ${use.key}`).refusal;
  const isThere = await isEnrolledIn(openDb(env.DB), issuedFor.deviceId ?? "", use.generation);
  return isThere ? undefined : acmeRefusal("unauthorized", "the device is no longer enrolled").refusal;
}

function nameOfKey(spki: Bytes): string | undefined {
  const shape = keyShape(spki);
  if (!shape.ok) return undefined;
  return shape.value.kind === "ec" ? shape.value.curve : `RSA-${shape.value.bits}`;
}

export const termsOfUse = (
  use: UseTerms,
  { deviceId = "" }: IssuedFor,
  now: number,
): Pick<IdentityOrder, "subject" | "altNames" | "lifetimeMs" | "use"> => ({
  subject: subjectOfUse(use),
  altNames: use.altNames,
  lifetimeMs: use.lifetimeMs,
  use: { ...use, deviceId, renewAt: now + use.lifetimeMs - use.renewalMs },
});
