import { ok, type Result, refuse } from "../base/result.ts";
import type { Certificate } from "../pki/certificate.ts";
import { type ChainRefusal, findChain } from "../pki/chain.ts";
import type { Authority } from "./authority.ts";

/** Which of our own or trusted authorities issued a certificate. `verifyIssued` checks dates and records. */
export type Anchored = { fingerprint: string; authority: Authority };

export type NotAnchored = { reason: "untrusted"; cause: ChainRefusal };

// A chain stays valid as long as its authority exists: signatures are checked once for each certificate.
const anchors = new WeakMap<Authority, Set<string>>();
const mostKept = 2_000;

export async function findAnchor(
  { certificate, fingerprint }: { certificate: Certificate; fingerprint: string },
  authorities: readonly Authority[],
  intermediates: readonly Certificate[] = [],
): Promise<Result<Anchored, NotAnchored>> {
  const known = authorities.find((authority) => anchors.get(authority)?.has(fingerprint));
  if (known) return ok({ fingerprint, authority: known });
  const chain = await chainTo(certificate, authorities, intermediates);
  if (!chain.ok) return refuse({ reason: "untrusted", cause: chain.refusal });
  const authority = authorities.find((one) => one.certificate === chain.value.path.at(-1));
  if (!authority) throw new Error("a chain ended at an unexpected authority");
  const names = anchors.get(authority) ?? new Set();
  if (names.size >= mostKept) names.clear();
  anchors.set(authority, names.add(fingerprint));
  return ok({ fingerprint, authority });
}

// Our own authorities never signed with SHA-1; those of a former MDM may have, and its fleet cannot get new certificates.
async function chainTo(
  certificate: Certificate,
  authorities: readonly Authority[],
  intermediates: readonly Certificate[],
) {
  const [own, trusted] = [true, false].map((withKey) =>
    authorities.filter(({ sealedKey }) => (sealedKey !== null) === withKey).map((one) => one.certificate),
  ) as [Certificate[], Certificate[]];
  const chain = await findChain(certificate, { anchors: own, intermediates });
  if (chain.ok || trusted.length === 0) return chain;
  const migrated = await findChain(certificate, { anchors: trusted, intermediates, allowSha1: true });
  return migrated.ok || chain.refusal.reason === "unknown-issuer" ? migrated : chain;
}
