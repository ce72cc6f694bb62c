import type { Certificate } from "../pki/certificate.ts";
import { findAnchor } from "./anchor.ts";
import { confirmAuthorities, heldAuthorities } from "./authority.ts";

/**
 * What the Worker knows about a sender only from its certificate, before it reads, asks or stores anything. Usually this
 * needs no query; an isolate without a list of authorities asks D1 once.
 *
 * `anchored`: one of our authorities issued it; other checks come later.
 * `stranger`: none did, according to a list that D1 has just confirmed.
 * `unsettled`: D1 does not answer. An enrolled device must be served anyway, so its object may be called, which knows its
 * own identities and writes nothing for others.
 */
export type Standing = "anchored" | "stranger" | "unsettled";

export async function standingOf(
  env: Env,
  shown: { fingerprint: string; certificate: Certificate | undefined },
  now: number,
): Promise<Standing> {
  // Cloudflare gives a fingerprint only for certificates whose chain it has verified.
  if (shown.certificate === undefined) return "anchored";
  const { fingerprint, certificate } = shown;
  const held = heldAuthorities(env, now);
  if (held && (await findAnchor({ fingerprint, certificate }, held)).ok) return "anchored";
  const confirmed = await confirmAuthorities(env, now);
  if (confirmed === undefined) return "unsettled";
  return (await findAnchor({ fingerprint, certificate }, confirmed)).ok ? "anchored" : "stranger";
}
