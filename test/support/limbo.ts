import { TlsFailure } from "../../src/apns/tls/failure.ts";
import { checkServerCertificates } from "../../src/apns/tls/server-certificate.ts";
import { ok, type Result, refuse } from "../../src/base/result.ts";
import type { Certificate } from "../../src/pki/certificate.ts";
import { checkValidity, findChain } from "../../src/pki/chain.ts";
import { parseCertificate } from "../../src/pki/parse-certificate.ts";
import { readPem } from "../../src/pki/pem.ts";

// x509-limbo (https://x509-limbo.com): certification paths by many hands, each with what a verifier should say of it.
// Here is what our two verifiers say: that of servers we connect to, and that of clients who connect to us.

/** The fields of limbo's own schema that are looked at. */
export type LimboCase = {
  id: string;
  features: readonly string[];
  validation_kind: "CLIENT" | "SERVER";
  trusted_certs: readonly string[];
  untrusted_intermediates: readonly string[];
  peer_certificate: string;
  validation_time: string | null;
  expected_result: "SUCCESS" | "FAILURE";
  expected_peer_name: { kind: "DNS" | "IP" | "RFC822"; value: string } | null;
  max_chain_depth: number | null;
};

/** Why a case asks for something that we do not offer; undefined when it is for us. */
export function notForUs({ features, validation_kind, expected_peer_name, max_chain_depth }: LimboCase) {
  if (features.includes("has-crl")) return "revocation lists: revocation is known from our own records";
  if (max_chain_depth !== null) return "a depth that the caller chooses: ours is fixed";
  if (validation_kind === "CLIENT") return undefined;
  return expected_peer_name?.kind === "DNS" ? undefined : "a server that is not meant by a DNS name";
}

export type Verdict = Result<undefined, { why: string }>;

export async function judge(limbo: LimboCase): Promise<Verdict> {
  const now = limbo.validation_time === null ? Date.now() : Date.parse(limbo.validation_time);
  // A root that we could not read, no administrator could have made one.
  const roots = limbo.trusted_certs.map(read).flatMap((root) => (root.ok ? [root.value] : []));
  return limbo.validation_kind === "SERVER" ? server(limbo, roots, now) : client(limbo, roots, now);
}

async function server(limbo: LimboCase, roots: readonly Certificate[], now: number): Promise<Verdict> {
  const chain = [limbo.peer_certificate, ...limbo.untrusted_intermediates].map(derOf);
  const serverName = limbo.expected_peer_name?.value ?? "";
  try {
    await checkServerCertificates(chain, { serverName, roots, now });
    return ok(undefined);
  } catch (error) {
    if (error instanceof TlsFailure) return refuse({ why: error.message });
    throw error;
  }
}

async function client(limbo: LimboCase, anchors: readonly Certificate[], now: number): Promise<Verdict> {
  const leaf = read(limbo.peer_certificate);
  if (!leaf.ok) return refuse({ why: leaf.refusal.detail });
  const above = limbo.untrusted_intermediates.map(read);
  const intermediates = above.flatMap((one) => (one.ok ? [one.value] : []));
  const chain = await findChain(leaf.value, { anchors, intermediates });
  if (!chain.ok) return refuse({ why: chain.refusal.reason });
  const valid = checkValidity(chain.value, now);
  return valid.ok ? valid : refuse({ why: valid.refusal.reason });
}

const derOf = (pem: string) => readPem(pem)[0]?.der ?? new Uint8Array();
const read = (pem: string) => parseCertificate(derOf(pem));

/**
 * Whether a verdict is the expected one, or the other one and told in docs/security.md: the first cells of the table in its
 * section. A row that ends with `*` is for many, and only for what is refused that limbo accepts.
 */
export function explainedBy(document: string): (limbo: LimboCase, verdict: Verdict) => boolean {
  const section = document.split(/^## /m).find((text) => text.startsWith("x509-limbo")) ?? "";
  const told = new Set([...section.matchAll(/^\| `([^`]+)` *\|/gm)].map(([, id = ""]) => id));
  const groups = [...told].filter((id) => id.endsWith("*")).map((id) => id.slice(0, -1));
  return ({ id, expected_result }, verdict) => {
    const isExpected = verdict.ok === (expected_result === "SUCCESS");
    if (told.has(id)) return !isExpected;
    return isExpected || (!verdict.ok && groups.some((group) => id.startsWith(group)));
  };
}
