import type { Bytes } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Certificate } from "../pki/certificate.ts";
import { privateKeyShape } from "../pki/keys.ts";
import type { CertificateView } from "../pki/libraries/view-certificate.ts";
import { nameValue } from "../pki/names.ts";
import { nameAttributes, oids } from "../pki/oids.ts";
import {
  type CredentialRefusal,
  chainAbove,
  type GivenCredential,
  isSelfIssued,
  type KeptKey,
  readCredential,
} from "./read-credential.ts";

/**
 * A push certificate that an administrator uploads. The topic is read from it: it is the UID of the certificate's
 * subject.
 * https://developer.apple.com/documentation/devicemanagement/setting-up-push-notifications-for-your-mdm-customers
 *
 * Leaves to others: whether devices listen to the topic (manage-certificates.ts), and whether Apple accepts the
 * certificate, which only a push shows.
 */
export type ReadCertificate = {
  certificate: Certificate;
  /** The certificates above it, nearest first. */
  chain: Certificate[];
  pkcs8: Bytes;
  topic: string;
};

export type CertificateRefusal = {
  reason: CredentialRefusal["reason"] | "wrong-topic" | "expired" | "not-yet-valid" | "unfit";
  field: CredentialRefusal["field"];
  detail: string;
};

export const topicPrefix = "com.apple.mgmt.";

export async function readCertificate(
  given: GivenCredential,
  keptKey: KeptKey,
  now: number,
): Promise<Result<ReadCertificate, CertificateRefusal>> {
  const parts = await readCredential(given, keptKey);
  if (!parts.ok) return parts;
  const { certificate, others, pkcs8 } = parts.value;
  const topic = nameValue(certificate.subject, nameAttributes.UID);
  const { viewCertificate } = await import("../pki/libraries/view-certificate.ts");
  const view = await viewCertificate(certificate.der);
  if (!view.ok) return refuse({ reason: "unreadable", field: "certificate", detail: view.refusal.detail });
  const unfit = unfitness(certificate, view.value, pkcs8, topic, now);
  if (unfit !== undefined) return refuse(unfit);
  // The root is left out: a server that does not have it would not trust it anyway.
  const chain = chainAbove(certificate, others).filter((above) => !isSelfIssued(above));
  return ok({ certificate, chain, pkcs8, topic: topic ?? "" });
}

const smallestRsaBits = 2048;

function unfitness(
  { notBefore, notAfter, subjectText }: Certificate,
  { purposes, key }: CertificateView,
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
    return wrong("wrong-topic", `its subject (${subjectText}) has no UID: it is not a push certificate`);
  if (!topic.startsWith(topicPrefix))
    return wrong(
      "wrong-topic",
      `its topic ${JSON.stringify(topic)} does not begin with ${topicPrefix}: it is not for MDM`,
    );
  if (notAfter <= now)
    return wrong(
      "expired",
      `it expired on ${new Date(notAfter).toISOString()}; renew it at https://identity.apple.com/pushcert`,
    );
  if (notBefore > now) return wrong("not-yet-valid", `it is valid from ${new Date(notBefore).toISOString()}`);
  if (purposes !== undefined && !purposes.includes(oids.clientAuth))
    return wrong("unfit", "its extended key usage lacks clientAuth");
  // Our own TLS client signs with it.
  const shape = privateKeyShape(pkcs8);
  if (!shape.ok) return wrong("unfit", shape.refusal.detail);
  if (key.kind === "rsa" && key.bits < smallestRsaBits)
    return wrong("unfit", `its RSA key has ${key.bits} bits, less than ${smallestRsaBits}`);
  return undefined;
}
