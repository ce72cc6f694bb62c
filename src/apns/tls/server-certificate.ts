import { ok } from "../../base/result.ts";
import { readAltNames } from "../../pki/alt-names.ts";
import type { Certificate } from "../../pki/certificate.ts";
import { type ChainRefusal, checkValidity, findChain } from "../../pki/chain.ts";
import { reading } from "../../pki/der/malformed.ts";
import { keyShape } from "../../pki/keys.ts";
import { oids } from "../../pki/oids.ts";
import { parseCertificate } from "../../pki/parse-certificate.ts";
import { TlsFailure } from "./failure.ts";

/**
 * Whether the certificates of the server's Certificate message are those of the server we meant: its name (RFC 9525), its
 * purpose, and a path to a root that we trust.
 *
 * Leaves to others: whether the server has the key (the handshakes). Revocation is not looked up.
 */
const maxCertificates = 8;
const minimumRsaBits = 2048;

type Expectations = { serverName: string; roots: readonly Certificate[]; now: number };

export async function checkServerCertificates(
  chain: readonly Uint8Array[],
  { serverName, roots, now }: Expectations,
): Promise<Certificate> {
  if (chain.length > maxCertificates) throw malformed(`${chain.length} certificates`);
  const [leaf, ...intermediates] = chain.map(parse);
  if (leaf === undefined) throw malformed("no certificate at all");
  checkName(leaf, serverName);
  const found = await findChain(leaf, { anchors: roots, intermediates, purpose: "serverAuth" });
  if (!found.ok) throw untrusted(sentence(found.refusal));
  for (const certificate of found.value.path) {
    checkKey(certificate);
    checkNameConstraints(certificate);
  }
  checkTime(found.value, now);
  return leaf;
}

function parse(der: Uint8Array): Certificate {
  const certificate = parseCertificate(der);
  if (certificate.ok) return certificate.value;
  throw malformed(certificate.refusal.detail);
}

function checkName(leaf: Certificate, serverName: string): void {
  const names = namesOf(leaf);
  if (names.some((name) => covers(name, serverName))) return;
  const whose = names.join(", ") || "nobody";
  throw new TlsFailure(
    "server-name-mismatch",
    `the server's certificate is for ${whose}, not for ${serverName}`,
  );
}

/** The common name is not looked at: RFC 9525 section 6.3 did away with it. */
function namesOf({ extensions }: Certificate): string[] {
  const extension = extensions.get(oids.subjectAltName);
  if (extension === undefined) return [];
  const names = reading(() => ok(readAltNames(extension.value)));
  if (!names.ok) throw malformed(names.refusal.detail);
  return names.value.filter(({ kind }) => kind === "dns").map(({ value }) => value.toLowerCase());
}

/** RFC 9525 section 6.3: a wildcard stands for the whole left-most label, above at least two others. */
function covers(name: string, serverName: string): boolean {
  const wanted = serverName.toLowerCase();
  if (!name.startsWith("*.")) return name === wanted;
  const domain = name.slice(1);
  const label = wanted.slice(0, -domain.length);
  return domain.lastIndexOf(".") > 0 && wanted.endsWith(domain) && label !== "" && !label.includes(".");
}

function checkKey({ spki }: Certificate): void {
  const shape = keyShape(spki);
  if (!shape.ok) throw untrusted(shape.refusal.detail);
  if (shape.value.kind === "rsa" && shape.value.bits < minimumRsaBits) {
    throw untrusted(`an RSA key of ${shape.value.bits} bits`);
  }
}

/** They bind whether they are critical or not (RFC 5280 section 4.2.1.10); who cannot read them must not pass them over. */
function checkNameConstraints({ extensions, subjectText }: Certificate): void {
  if (extensions.has(oids.nameConstraints))
    throw untrusted(`${subjectText} is only for some names (name constraints)`);
}

function checkTime(validity: { notBefore: number; notAfter: number }, now: number): void {
  if (checkValidity(validity, now).ok) return;
  const [from, to] = [validity.notBefore, validity.notAfter].map((at) => new Date(at).toISOString());
  throw new TlsFailure(
    "server-certificate-expired",
    `the server's certificates are valid from ${from} to ${to}`,
  );
}

function sentence(refusal: ChainRefusal): string {
  const { reason, subject, ...more } = refusal;
  if (reason === "extended-key-usage") return `${subject} is not for servers (extended key usage)`;
  const details = Object.values(more).join(", ");
  return `${reason} at ${subject}${details ? ` (${details})` : ""}`;
}

const untrusted = (detail: string): TlsFailure =>
  new TlsFailure("server-certificate-untrusted", `the server's certificate is not trusted: ${detail}`);

const malformed = (detail: string): TlsFailure =>
  new TlsFailure("server-certificate-malformed", `the server's Certificate message: ${detail}`);
