import { type Bytes, sha256, toHex } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import { type CertificateRequest, parseCsr } from "../pki/csr.ts";
import { reading } from "../pki/der/malformed.ts";
import { parseDer } from "../pki/der/parse.ts";
import { keyShape } from "../pki/keys.ts";
import { verifySignature } from "../pki/signature.ts";
import { fromBase64Url } from "./base64url.ts";
import { jsonObject } from "./jws.ts";
import type { ProvenKey } from "./order.ts";
import { type AcmeRefusal, acmeRefusal } from "./problem.ts";

/**
 * The request that finalizes an order (RFC 8555 section 7.4). Only its key and its name are used. Apple's client does not
 * put the identifier into it, so the server does not look for one.
 */
export type CheckedRequest = { spki: Bytes; spkiHash: string; subject: Bytes };

const longestSubject = 1024;
const [smallestRsaBits, largestRsaBits] = [2048, 4096];

export async function readCertificateRequest(
  payload: Bytes,
  attested: ProvenKey,
): Promise<Result<CheckedRequest, AcmeRefusal>> {
  const text = jsonObject(payload)?.csr;
  if (typeof text !== "string") return acmeRefusal("malformed", "the payload has no csr");
  const der = fromBase64Url(text, "allowed");
  if (!der) return acmeRefusal("malformed", "csr is not base64url");
  const csr = parseCsr(der);
  if (!csr.ok) return bad(`the request cannot be read: ${csr.refusal.detail}`);
  const unfit = unfitKey(csr.value) ?? unfitSubject(csr.value);
  if (unfit) return bad(unfit);
  const { spki, subject, signatureAlgorithm, signature, info } = csr.value;
  const spkiHash = toHex(await sha256(spki));
  if (attested && attested.spkiHash !== spkiHash) return bad("its key is not the attested one");
  const verified = await verifySignature({ algorithm: signatureAlgorithm, spki, signature, data: info });
  return verified.ok
    ? ok({ spki, spkiHash, subject })
    : bad(`its signature is not valid: ${verified.refusal.reason}`);
}

function unfitKey({ spki }: CertificateRequest): string | undefined {
  const shape = keyShape(spki);
  if (!shape.ok) return shape.refusal.detail;
  if (shape.value.kind === "ec")
    return shape.value.curve === "P-521" ? "its key must be on P-256 or P-384" : undefined;
  const { bits } = shape.value;
  return bits < smallestRsaBits || bits > largestRsaBits ? `an RSA key of ${bits} bits` : undefined;
}

function unfitSubject({ subject }: CertificateRequest): string | undefined {
  if (subject.length > longestSubject) return `a subject of ${subject.length} bytes`;
  // Requests are read as BER, but a certificate must contain DER.
  const strict = reading(() => ok(parseDer(subject)));
  return strict.ok ? undefined : `subject: ${strict.refusal.detail}`;
}

const bad = (detail: string) => acmeRefusal("badCSR", detail);
