import { isForToken, verifyAttestation } from "../../acme/attestation.ts";
import type { ChallengeResponse } from "../../acme/challenge-response.ts";
import type { Order, OrderEvent } from "../../acme/order.ts";
import type { AcmeRefusal } from "../../acme/problem.ts";
import { identifierType } from "../../acme/resources.ts";
import { sha256, toHex } from "../../base/bytes.ts";
import type { Certificate } from "../../pki/certificate.ts";
import { mismatch, type Promised } from "./promise.ts";

/** The new state of an order: whether the answer to its challenge proves what the client identifier requires. */
export async function judge(
  response: ChallengeResponse,
  order: Order,
  promised: Promised,
  roots: readonly Certificate[],
  now: number,
): Promise<OrderEvent> {
  if (response.kind === "not-attested")
    return promised.attestation === "preferred"
      ? { name: "proved", key: undefined }
      : failed(`this enrollment needs an attestation, but there is none: ${response.why}`);
  const verified = await verifyAttestation(response.chain, roots, now);
  if (!verified.ok) return failed(verified.refusal.detail);
  const { facts, spki, madeAt } = verified.value;
  if (!(await isForToken(verified.value, order.token)))
    return failed("the attestation was not made for this challenge");
  const other = mismatch(promised, facts);
  if (other) return failed(other, { type: identifierType, value: order.identifier });
  return { name: "proved", key: { spkiHash: toHex(await sha256(spki)), facts, madeAt } };
}

const failed = (detail: string, identifier?: AcmeRefusal["identifier"]): OrderEvent => ({
  name: "failed",
  refusal: { type: "badAttestationStatement", detail, ...(identifier && { identifier }) },
});
