import { type Bytes, utf8 } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import { readAttestationObject } from "./attestation.ts";
import { fromBase64Url } from "./base64url.ts";
import { jsonObject } from "./jws.ts";
import { type AcmeRefusal, acmeRefusal } from "./problem.ts";

/**
 * What a client posts to a `device-attest-01` challenge. The draft has only `attObj`; Apple's devices also send `{}` if
 * they do not attest, and `error` with an attestation without certificates if they tried and failed.
 */
export type ChallengeResponse =
  | { kind: "attested"; chain: readonly Bytes[] }
  | { kind: "not-attested"; why: string };

export function readChallengeResponse(payload: Bytes): Result<ChallengeResponse, AcmeRefusal> {
  const body = jsonObject(payload);
  if (!body) return acmeRefusal("malformed", "the payload is not a JSON object");
  const { attObj = "", error } = body;
  if (typeof attObj !== "string") return acmeRefusal("malformed", "attObj is not a text");
  const why = typeof error === "string" && error !== "" ? error.slice(0, 300) : "the device does not attest";
  const cbor = fromBase64Url(attObj, "allowed");
  if (!cbor) return acmeRefusal("malformed", "attObj is not base64url");
  // Some clients send an empty JSON value instead.
  if (cbor.length === 0 || Buffer.compare(cbor, utf8("{}")) === 0) return ok({ kind: "not-attested", why });
  const chain = readAttestationObject(cbor);
  if (!chain.ok) return acmeRefusal("badAttestationStatement", chain.refusal.detail);
  return ok(
    chain.value.length === 0 ? { kind: "not-attested", why } : { kind: "attested", chain: chain.value },
  );
}
