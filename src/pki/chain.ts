import { ok, type Result, refuse } from "../base/result.ts";
import type { Certificate } from "./certificate.ts";
import { oids } from "./oids.ts";
import { type SignatureRefusal, verifySignature } from "./signature.ts";

// Certification paths (RFC 5280 section 6), for trees as small as ours: a leaf, at most a few intermediates, and the
// authorities we trust. Revocation is for the caller, who has the records. Two steps, so that the result of the slow one
// can be cached: `findChain` says who issued a certificate, which never changes; `checkValidity` says whether it is valid now.
// An authority is trusted because an administrator says so: its own signature and dates are not checked.

export type Chain = {
  /** The leaf first, the trusted authority last. */
  path: readonly Certificate[];
  /** The time in which all certificates below the authority are valid. */
  notBefore: number;
  notAfter: number;
};

export type ChainRefusal =
  | { reason: "unknown-issuer"; subject: string; depth: number }
  | { reason: "bad-chain-signature"; subject: string; cause: SignatureRefusal["reason"] }
  | { reason: "not-an-authority"; subject: string }
  | { reason: "key-usage"; subject: string; missing: "keyCertSign" | "digitalSignature" }
  | { reason: "path-too-long"; subject: string; allowed: number }
  | { reason: "extended-key-usage"; subject: string }
  | { reason: "unknown-critical-extension"; subject: string; extension: string };

export type ValidityRefusal =
  | { reason: "not-yet-valid"; notBefore: number }
  | { reason: "expired"; notAfter: number };

export type ChainOptions = {
  anchors: readonly Certificate[];
  /** Certificates from the message, which are not trusted. */
  intermediates?: readonly Certificate[];
  /** For authorities of migrated fleets that signed with SHA-1 in their time. */
  allowSha1?: boolean;
  /**
   * What the leaf must be good for; "any" where the certificate is evidence and not an identity. For a server's, that binds
   * the authorities between as well, so that a path through another one may still be found.
   */
  purpose?: Purpose | "any";
};

type Purpose = "clientAuth" | "serverAuth";

const maxIntermediates = 4;
// The most with one name, so that a message with many similar certificates cannot make us try every order.
const maxCandidates = 2;

/** Follows issuers up to an anchor. Names are compared byte for byte; several authorities may bear one name. */
export async function findChain(
  leaf: Certificate,
  options: ChainOptions,
): Promise<Result<Chain, ChainRefusal>> {
  const { purpose = "clientAuth" } = options;
  const refused = (purpose === "any" ? undefined : checkLeaf(leaf, purpose)) ?? checkCritical(leaf);
  if (refused) return refuse(refused);
  return climb([leaf], options);
}

async function climb(
  path: readonly Certificate[],
  options: ChainOptions,
): Promise<Result<Chain, ChainRefusal>> {
  const top = path.at(-1) as Certificate;
  const depth = path.length - 1;
  const counted = path.slice(1).filter(countsForLength).length;
  let refusal: ChainRefusal | undefined;
  for (const anchor of issuersOf(top, options.anchors)) {
    const refused = await checkIssuer(anchor, top, counted, options);
    if (!refused) return ok(chainOf([...path, anchor]));
    refusal = refused;
  }
  // Names are written as text only for refusals, because that costs more than all the rules.
  const unknown = (): ChainRefusal => ({ reason: "unknown-issuer", subject: top.subjectText, depth });
  if (depth >= maxIntermediates) return refuse(refusal ?? unknown());
  for (const issuer of issuersOf(top, options.intermediates ?? []).slice(0, maxCandidates)) {
    if (path.includes(issuer)) continue;
    const refused =
      (options.purpose === "serverAuth" ? checkPurpose(issuer, "serverAuth") : undefined) ??
      (await checkIssuer(issuer, top, counted, options));
    const chain = refused ? refuse(refused) : await climb([...path, issuer], options);
    if (chain.ok) return chain;
    // The reason against an issuer says more than a missing issuer.
    if (!refusal || refusal.reason === "unknown-issuer") refusal = chain.refusal;
  }
  return refuse(refusal ?? unknown());
}

/** RFC 5280 section 4.2.1.9: an authority's certificate for itself, as when it changes its key, is no step of the path. */
const countsForLength = ({ subject, issuer }: Certificate): boolean => Buffer.compare(subject, issuer) !== 0;

const issuersOf = (
  { issuer, authorityKeyId }: Certificate,
  candidates: readonly Certificate[],
): Certificate[] =>
  candidates
    .filter(({ subject }) => Buffer.compare(subject, issuer) === 0)
    .filter(
      ({ subjectKeyId }) =>
        !authorityKeyId || !subjectKeyId || Buffer.compare(authorityKeyId, subjectKeyId) === 0,
    );

const chainOf = (path: readonly Certificate[]): Chain => {
  const dated = path.slice(0, -1);
  return {
    path,
    notBefore: Math.max(...dated.map(({ notBefore }) => notBefore)),
    notAfter: Math.min(...dated.map(({ notAfter }) => notAfter)),
  };
};

function checkLeaf(leaf: Certificate, purpose: Purpose): ChainRefusal | undefined {
  if (leaf.keyUsage && !leaf.keyUsage.has("digitalSignature"))
    return { reason: "key-usage", subject: leaf.subjectText, missing: "digitalSignature" };
  return checkPurpose(leaf, purpose);
}

/** Absent, an extended key usage allows everything. */
function checkPurpose(
  { extendedKeyUsage, subjectText }: Certificate,
  purpose: Purpose,
): ChainRefusal | undefined {
  if (
    extendedKeyUsage &&
    !extendedKeyUsage.includes(oids[purpose]) &&
    !extendedKeyUsage.includes(oids.anyExtendedKeyUsage)
  )
    return { reason: "extended-key-usage", subject: subjectText };
  return undefined;
}

async function checkIssuer(
  issuer: Certificate,
  issued: Certificate,
  intermediatesBelow: number,
  { allowSha1 = false }: ChainOptions,
): Promise<ChainRefusal | undefined> {
  if (!issuer.isCa) return { reason: "not-an-authority", subject: issuer.subjectText };
  if (issuer.keyUsage && !issuer.keyUsage.has("keyCertSign"))
    return { reason: "key-usage", subject: issuer.subjectText, missing: "keyCertSign" };
  if (issuer.pathLength !== undefined && intermediatesBelow > issuer.pathLength)
    return { reason: "path-too-long", subject: issuer.subjectText, allowed: issuer.pathLength };
  const critical = checkCritical(issuer);
  if (critical) return critical;
  const { signatureAlgorithm, signatureParameters, signature, tbs } = issued;
  const verified = await verifySignature({
    algorithm: { algorithm: signatureAlgorithm, parameters: signatureParameters },
    spki: issuer.spki,
    signature,
    data: tbs,
    allowSha1,
  });
  if (verified.ok) return undefined;
  return { reason: "bad-chain-signature", subject: issued.subjectText, cause: verified.refusal.reason };
}

// Policies are not used here, and names come from our own records.
const understood: ReadonlySet<string> = new Set([
  oids.basicConstraints,
  oids.keyUsage,
  oids.extKeyUsage,
  oids.subjectAltName,
  oids.certificatePolicies,
]);

/** RFC 5280 section 4.2: a critical extension that is not understood (name constraints above all) must be refused. */
function checkCritical(certificate: Certificate): ChainRefusal | undefined {
  for (const [extension, { critical }] of certificate.extensions)
    if (critical && !understood.has(extension))
      return { reason: "unknown-critical-extension", subject: certificate.subjectText, extension };
  return undefined;
}

/** `skewMs` allows for wrong clocks, on both sides. */
export function checkValidity(
  { notBefore, notAfter }: Pick<Chain, "notBefore" | "notAfter">,
  now: number,
  skewMs = 0,
): Result<undefined, ValidityRefusal> {
  if (now < notBefore - skewMs) return refuse({ reason: "not-yet-valid", notBefore });
  if (now > notAfter + skewMs) return refuse({ reason: "expired", notAfter });
  return ok(undefined);
}
