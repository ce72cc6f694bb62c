import type { Bytes } from "../base/bytes.ts";
import type { Certificate, Credential } from "../pki/certificate.ts";
import { buildSignedData } from "../pki/cms/sign.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import { credentialOf, issuingAuthority, loadAuthorities } from "./authority.ts";

/**
 * CMS, attached: whoever installs a profile by hand reads who made it, and can only replace it by another of the same
 * signer. What comes over MDM needs no signature, so where nobody can sign the profile goes as it is.
 */
export async function signProfile(env: Env, profile: Bytes, now: number): Promise<Bytes> {
  const by = await profileSigner(env, now);
  return by ? buildSignedData({ ...by, content: profile, signingTime: now }) : profile;
}

type Signer = { signer: Credential; chain: Certificate[] };

async function profileSigner(env: Env, now: number): Promise<Signer | undefined> {
  const authority = issuingAuthority(await loadAuthorities(env, now));
  return authority && { signer: await credentialOf(env, authority), chain: authority.chain.map(parsed) };
}

function parsed(der: Bytes): Certificate {
  const certificate = parseCertificate(der);
  if (!certificate.ok) throw new Error("the chain of an authority does not parse");
  return certificate.value;
}
