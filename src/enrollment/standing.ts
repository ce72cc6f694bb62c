import type { Certificate } from "../pki/certificate.ts";
import { findAnchor } from "./anchor.ts";
import { confirmAuthorities, heldAuthorities } from "./authority.ts";

/**
 * What a door may know of a sender by its certificate alone, before anything is read, asked or stored for it. Most of a
 * device's life this asks nobody; an isolate that holds no authorities yet asks D1 once.
 *
 * `anchored`: one of our authorities stands behind it, whatever else there is to say of it.
 * `stranger`: none does, by a list that D1 has just confirmed.
 * `unsettled`: D1 does not answer. An enrolled device must be served all the same, so its object may be asked, which knows
 * its identities by itself and writes nothing for others.
 */
export type Standing = "anchored" | "stranger" | "unsettled";

export async function standingOf(
  env: Env,
  shown: { fingerprint: string; certificate: Certificate | undefined },
  now: number,
): Promise<Standing> {
  // Cloudflare tells a fingerprint only of certificates that it has followed to an authority by itself.
  if (shown.certificate === undefined) return "anchored";
  const { fingerprint, certificate } = shown;
  const held = heldAuthorities(env, now);
  if (held && (await findAnchor({ fingerprint, certificate }, held)).ok) return "anchored";
  const confirmed = await confirmAuthorities(env, now);
  if (confirmed === undefined) return "unsettled";
  return (await findAnchor({ fingerprint, certificate }, confirmed)).ok ? "anchored" : "stranger";
}
