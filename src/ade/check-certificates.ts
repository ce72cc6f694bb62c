import { fromBase64 } from "../base/bytes.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import type { JsonObject } from "./json.ts";
import type { Weigh, Wrong } from "./profile-findings.ts";

// The certificates in an enrollment profile: base64 of DER.

const mostCertificates = 100;

export function checkCertificates(profile: JsonObject, now: number, wrong: Wrong, weigh: Weigh): void {
  for (const key of ["anchor_certs", "supervising_host_certs"] as const) {
    const certificates = profile[key];
    if (!Array.isArray(certificates)) continue;
    if (certificates.length > mostCertificates)
      wrong("too-large", `/${key}`, `${certificates.length} certificates; ${mostCertificates} are the most`);
    for (const [at, text] of certificates.slice(0, mostCertificates).entries())
      if (typeof text === "string") checkOne(text, `/${key}/${at}`, now, wrong);
  }
  if (Array.isArray(profile.anchor_certs) && profile.anchor_certs.length > 0)
    weigh(
      "pinned-chain",
      "/anchor_certs",
      "devices trust these alone for url, in the place of the usual roots: no device enrolls once the server's chain is another; leave them out where its certificate is publicly trusted",
    );
}

function checkOne(text: string, pointer: string, now: number, wrong: Wrong): void {
  const der = fromBase64(text);
  const certificate = der && parseCertificate(der);
  if (!certificate?.ok) wrong("bad-certificate", pointer, "it is not the base64 of a certificate (DER)");
  else if (certificate.value.notAfter <= now)
    wrong(
      "certificate-expired",
      pointer,
      `it expired on ${new Date(certificate.value.notAfter).toISOString()}`,
    );
}
