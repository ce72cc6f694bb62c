import { type Bytes, fromUtf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Certificate } from "../pki/certificate.ts";
import { privateKeyShape } from "../pki/keys.ts";
import { nameValue } from "../pki/names.ts";
import { nameAttributes, oids } from "../pki/oids.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import { readPem } from "../pki/pem.ts";
import { keyMatches } from "../pki/signature.ts";

/**
 * A push certificate as an administrator hands it in: PEM text with the certificate and its key in any order, or a
 * PKCS#12 file. The topic is not given but read: it is the UID of the certificate's subject.
 * https://developer.apple.com/documentation/devicemanagement/setting-up-push-notifications-for-your-mdm-customers
 *
 * Leaves to others: whether the topic is one that devices listen to (manage-certificates.ts), and whether Apple takes
 * the certificate, which only a push shows.
 */
export type GivenCertificate =
  | { form: "pem"; text: string; password: string | undefined }
  | { form: "pkcs12"; file: Bytes; password: string };

export type ReadCertificate = {
  certificate: Certificate;
  /** What stands above it, nearest first. */
  chain: Certificate[];
  pkcs8: Bytes;
  topic: string;
};

export type CertificateRefusal = {
  reason:
    | "unreadable"
    | "wrong-password"
    | "mismatch"
    | "wrong-topic"
    | "expired"
    | "not-yet-valid"
    | "unfit";
  field: "certificate" | "private_key" | "pkcs12" | "password";
  detail: string;
};

export const topicPrefix = "com.apple.mgmt.";

export async function readCertificate(
  given: GivenCertificate,
  now: number,
): Promise<Result<ReadCertificate, CertificateRefusal>> {
  const parts = given.form === "pem" ? await readText(given) : await readFile(given);
  if (!parts.ok) return parts;
  const { certificate, others, pkcs8 } = parts.value;
  const topic = nameValue(certificate.subject, nameAttributes.UID);
  const unfit = unfitness(certificate, pkcs8, topic, now);
  if (unfit !== undefined) return refuse(unfit);
  return ok({ certificate, chain: chainAbove(certificate, others), pkcs8, topic: topic ?? "" });
}

type Parts = { certificate: Certificate; others: Certificate[]; pkcs8: Bytes };

async function readText({
  text,
  password,
}: {
  text: string;
  password: string | undefined;
}): Promise<Result<Parts, CertificateRefusal>> {
  const blocks = readPem(text);
  const certificates: Certificate[] = [];
  for (const { label, der } of blocks) {
    if (label !== "CERTIFICATE") continue;
    const parsed = parseCertificate(der);
    if (!parsed.ok) return bad("unreadable", "certificate", parsed.refusal.detail);
    certificates.push(parsed.value);
  }
  if (certificates.length === 0)
    return bad("unreadable", "certificate", "no CERTIFICATE block in PEM was found");
  const { isPrivateKey, readPrivateKey } = await import("../pki/heavy/private-key.ts");
  const keys = blocks.filter(isPrivateKey);
  const [block] = keys;
  if (block === undefined)
    return bad(
      "unreadable",
      "private_key",
      "no PRIVATE KEY block in PEM was found: the key that the request for this certificate was made with belongs to it",
    );
  if (keys.length > 1)
    return bad("unreadable", "private_key", `${keys.length} private keys were given; one belongs here`);
  const key = readPrivateKey(block, password);
  if (!key.ok) return refuse(keyRefusal(key.refusal, "private_key"));
  for (const certificate of certificates) {
    if (!(await keyMatches(key.value, certificate.spki))) continue;
    return ok({
      certificate,
      others: certificates.filter((other) => other !== certificate),
      pkcs8: key.value,
    });
  }
  return bad(
    "mismatch",
    "private_key",
    "it is not the key of this certificate; take the one that its request was made with",
  );
}

async function readFile({
  file,
  password,
}: {
  file: Bytes;
  password: string;
}): Promise<Result<Parts, CertificateRefusal>> {
  const { readPkcs12 } = await import("../pki/heavy/pkcs12.ts");
  const read = await readPkcs12(file, password);
  if (!read.ok) return refuse(keyRefusal(read.refusal, "pkcs12"));
  const { credential, otherCertificates: others } = read.value;
  return ok({ ...credential, others });
}

function keyRefusal(
  refusal: { reason: string; detail?: string },
  field: "private_key" | "pkcs12",
): CertificateRefusal {
  switch (refusal.reason) {
    case "noPassword":
      return { reason: "wrong-password", field: "password", detail: "is missing: the key is encrypted" };
    case "wrongPassword":
      return { reason: "wrong-password", field: "password", detail: "does not open the key" };
    case "noCertificateForKey":
      return { reason: "mismatch", field, detail: "its key belongs to none of its certificates" };
    case "keyCount":
      return { reason: "unreadable", field, detail: "one private key belongs in it" };
    default:
      return { reason: "unreadable", field, detail: refusal.detail ?? refusal.reason };
  }
}

const smallestRsaBits = 2048;

function unfitness(
  { notBefore, notAfter, extendedKeyUsage, subjectText }: Certificate,
  pkcs8: Bytes,
  topic: string | undefined,
  now: number,
): CertificateRefusal | undefined {
  const wrong = (reason: CertificateRefusal["reason"], detail: string): CertificateRefusal => ({
    reason,
    field: "certificate",
    detail,
  });
  if (topic === undefined)
    return wrong("wrong-topic", `its subject (${subjectText}) has no UID: it is no push certificate`);
  if (!topic.startsWith(topicPrefix))
    return wrong(
      "wrong-topic",
      `its topic ${JSON.stringify(topic)} does not begin with ${topicPrefix}: it is for another use than MDM`,
    );
  if (notAfter <= now)
    return wrong(
      "expired",
      `it expired on ${new Date(notAfter).toISOString()}; renew it at https://identity.apple.com/pushcert`,
    );
  if (notBefore > now) return wrong("not-yet-valid", `it is valid from ${new Date(notBefore).toISOString()}`);
  if (extendedKeyUsage !== undefined && !extendedKeyUsage.includes(oids.clientAuth))
    return wrong("unfit", "its extended key usage lacks clientAuth");
  const shape = privateKeyShape(pkcs8);
  if (!shape.ok) return wrong("unfit", shape.refusal.detail);
  if (shape.value.kind === "rsa" && shape.value.bits < smallestRsaBits)
    return wrong("unfit", `its RSA key has ${shape.value.bits} bits, less than ${smallestRsaBits}`);
  return undefined;
}

/** A root is left out: whoever does not have it would not believe it. */
function chainAbove(certificate: Certificate, others: readonly Certificate[]): Certificate[] {
  const chain: Certificate[] = [];
  let below = certificate;
  for (;;) {
    const above = others.find(
      (other) =>
        !chain.includes(other) &&
        Buffer.compare(other.subject, below.issuer) === 0 &&
        Buffer.compare(other.subject, other.issuer) !== 0,
    );
    if (above === undefined) return chain;
    chain.push(above);
    below = above;
  }
}

export function textOf(bytes: Bytes): string | undefined {
  try {
    return fromUtf8(bytes);
  } catch {
    return undefined;
  }
}

const bad = (
  reason: CertificateRefusal["reason"],
  field: CertificateRefusal["field"],
  detail: string,
): { ok: false; refusal: CertificateRefusal } => refuse({ reason, field, detail });
