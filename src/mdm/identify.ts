import { fromBase64, fromHex, sameSecret, toHex } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { type Attributes, singleValue } from "../pki/attributes.ts";
import type { Certificate } from "../pki/certificate.ts";
import { type CmsRefusal, type OpenedSignedData, openDetached, verifyOpened } from "../pki/cms/verify.ts";
import { reading } from "../pki/der/malformed.ts";
import { timeOf } from "../pki/der/values.ts";
import { oids } from "../pki/oids.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import { fingerprintOf } from "../pki/seen-certificates.ts";

/**
 * The sender: the certificate whose key has signed the exact bytes of the body.
 *
 * Three ways, in this order: the Mdm-Signature header (a detached CMS signature); a client certificate that Cloudflare
 * verified; a certificate in the Client-Cert header (RFC 9440) from a proxy that shares a secret with us.
 *
 * Leaves to others: whether we issued that certificate, and for which device. Here a valid signature with any certificate
 * is accepted.
 *
 * The surprise: a signature with its own content is refused, even a valid one, because it does not sign the body. And not
 * every signature of the right key counts: the key also signs SCEP messages, which are not MDM messages.
 */
export type ProvenIdentity = {
  /** SHA-256 of the certificate's DER, lower-case hex. */
  fingerprint: string;
  /** Absent if Cloudflare gives only the fingerprint. */
  certificate: Certificate | undefined;
  via: "signature" | "cloudflare" | "proxy";
  /** The signing time that the device claims; undefined if it sends none. */
  signedAt: number | undefined;
};

export type IdentifyRefusal =
  | { reason: "no-identity"; detail: string }
  | { reason: "signature-too-long"; detail: string }
  | { reason: "signature-not-base64"; detail: string }
  | { reason: "signature-invalid"; detail: string; cause: CmsRefusal }
  | { reason: "signed-for-another-purpose"; detail: string }
  | { reason: "proxy-not-trusted"; detail: string }
  | { reason: "bad-client-certificate"; detail: string };

/** What arrived with the body. */
export type Presented = {
  mdmSignature?: string | undefined;
  tlsClientAuth?: Partial<TlsClientAuth> | undefined;
  clientCert?: string | undefined;
  proxySecret?: string | undefined;
};

type TlsClientAuth = { certPresented: string; certVerified: string; certFingerprintSHA256: string };

const longestSignature = 10 * 1024;

/** The certificate in the headers of a request, before its body is read. */
export type Claim = {
  claimed: ProvenIdentity;
  /** The signature that must still match the body; undefined if the connection itself is proven. */
  signature: OpenedSignedData | undefined;
};

export async function readClaim(
  presented: Presented,
  configuredProxySecret: string | undefined,
): Promise<Result<Claim, IdentifyRefusal>> {
  if (presented.mdmSignature !== undefined) return bySignature(presented.mdmSignature);
  const { tlsClientAuth } = presented;
  if (tlsClientAuth?.certPresented === "1") return byConnection(byCloudflare(tlsClientAuth));
  if (presented.clientCert !== undefined && configuredProxySecret) {
    return byConnection(await byProxy(presented.clientCert, presented.proxySecret, configuredProxySecret));
  }
  return refuse({
    reason: "no-identity",
    detail: "no Mdm-Signature header; the profile's SignMessage must be true",
  });
}

export async function prove(
  { claimed, signature }: Claim,
  body: Uint8Array,
): Promise<Result<ProvenIdentity, IdentifyRefusal>> {
  if (signature === undefined) return ok(claimed);
  const verified = await verifyOpened(signature, body, accepted);
  return verified.ok ? ok(claimed) : signatureInvalid(verified.refusal);
}

/** Both together, if the body is already read. */
export async function identify(
  presented: Presented,
  body: Uint8Array,
  configuredProxySecret: string | undefined,
): Promise<Result<ProvenIdentity, IdentifyRefusal>> {
  const claim = await readClaim(presented, configuredProxySecret);
  return claim.ok ? prove(claim.value, body) : claim;
}

const accepted = { allowSha1: true, maxBytes: longestSignature } as const;

async function bySignature(header: string): Promise<Result<Claim, IdentifyRefusal>> {
  if (header.length > (longestSignature * 4) / 3) {
    const detail = `the Mdm-Signature header has ${header.length} characters; ${longestSignature} bytes in base64 are read`;
    return refuse({ reason: "signature-too-long", detail });
  }
  const cms = fromBase64(header);
  if (cms === undefined || cms.length === 0) {
    return refuse({ reason: "signature-not-base64", detail: "the Mdm-Signature header is not base64" });
  }
  const opened = openDetached(cms, accepted);
  if (!opened.ok) return signatureInvalid(opened.refusal);
  const { signer, signerInfo } = opened.value;
  const attributes = signerInfo.attributes?.values;
  if (attributes && isOfScep(attributes)) {
    return refuse({
      reason: "signed-for-another-purpose",
      detail: "this signature belongs to a SCEP message",
    });
  }
  const claimed = { ...(await named(signer, "signature")), signedAt: attributes && signingTime(attributes) };
  return ok({ claimed, signature: opened.value });
}

const byConnection = (proven: Result<ProvenIdentity, IdentifyRefusal>): Result<Claim, IdentifyRefusal> =>
  proven.ok ? ok({ claimed: proven.value, signature: undefined }) : proven;

function signatureInvalid(cause: CmsRefusal): { ok: false; refusal: IdentifyRefusal } {
  const detail = `the Mdm-Signature is not valid for this body: ${cause.reason}`;
  return refuse({ reason: "signature-invalid", detail, cause });
}

const isOfScep = (attributes: Attributes): boolean =>
  [...attributes.keys()].some((type) => type.startsWith(`${oids.scepAttributes}.`));

/** An unreadable time does not change who signed. */
function signingTime(attributes: Attributes): number | undefined {
  const read = reading(() => {
    const value = singleValue(attributes, oids.signingTime);
    return ok(value && timeOf(value, "signing time"));
  });
  return read.ok ? read.value : undefined;
}

function byCloudflare(auth: Partial<TlsClientAuth>): Result<ProvenIdentity, IdentifyRefusal> {
  const fingerprint = fromHex(auth.certFingerprintSHA256 ?? "");
  if (auth.certVerified !== "SUCCESS" || fingerprint?.length !== 32) {
    const detail = `Cloudflare's verdict on the client certificate: ${auth.certVerified ?? "none"}`;
    return refuse({ reason: "bad-client-certificate", detail });
  }
  return ok({
    fingerprint: toHex(fingerprint),
    certificate: undefined,
    via: "cloudflare",
    signedAt: undefined,
  });
}

async function byProxy(
  header: string,
  secret: string | undefined,
  configured: string,
): Promise<Result<ProvenIdentity, IdentifyRefusal>> {
  if (!(await sameSecret(secret ?? "", configured))) {
    return refuse({
      reason: "proxy-not-trusted",
      detail: "X-Edgemdm-Proxy-Secret is not the configured one",
    });
  }
  const der = /^:[A-Za-z0-9+/=]+:$/.test(header) ? fromBase64(header.slice(1, -1)) : undefined;
  const certificate = der && parseCertificate(der);
  if (!certificate?.ok) {
    const detail = "the Client-Cert header is not :base64 of a DER certificate:";
    return refuse({ reason: "bad-client-certificate", detail });
  }
  return ok(await named(certificate.value, "proxy"));
}

const named = async (certificate: Certificate, via: ProvenIdentity["via"]): Promise<ProvenIdentity> => ({
  fingerprint: await fingerprintOf(certificate),
  certificate,
  via,
  signedAt: undefined,
});
