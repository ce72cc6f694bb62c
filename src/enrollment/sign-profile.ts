import { type Bytes, fromBase64 } from "../base/bytes.ts";
import { logFault } from "../base/log.ts";
import { openDb } from "../db/open.ts";
import { listSigningCertificates, type SigningCertificateRow } from "../db/signing-certificates.ts";
import type { Certificate, Credential } from "../pki/certificate.ts";
import { buildSignedData } from "../pki/cms/sign.ts";
import { masterKeys } from "../pki/master.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import { openOwn } from "../pki/seal.ts";
import { signingKeyContext } from "../pki/seal-contexts.ts";
import { credentialOf, issuingAuthority, loadAuthorities } from "./authority.ts";

/**
 * CMS, attached: a person who installs a profile by hand sees its signer, and can replace it only by another profile from
 * the same signer. Over MDM no signature is needed, so without a signer the profile is sent unsigned.
 */
export async function signProfile(env: Env, profile: Bytes, now: number): Promise<Bytes> {
  const by = await profileSigner(env, now);
  return by ? buildSignedData({ ...by, content: profile, signingTime: now }) : profile;
}

/** The same for an administrator who downloads it. */
export async function signDownload(env: Env, profile: Bytes, now: number): Promise<Bytes> {
  const by = await profileSigner(env, now);
  if (!by) return profile;
  const { signContent } = await import("../pki/libraries/sign.ts");
  return signContent({ ...by, content: profile, signingTime: now });
}

const profileSigner = async (env: Env, now: number): Promise<Signer | undefined> =>
  (await uploadedSigner(env, now)) ?? (await authoritySigner(env, now));

type Signer = { signer: Credential; chain: Certificate[] };

async function authoritySigner(env: Env, now: number): Promise<Signer | undefined> {
  const authority = issuingAuthority(await loadAuthorities(env, now));
  return authority && { signer: await credentialOf(env, authority), chain: authority.chain.map(parsed) };
}

const freshForMs = 60_000;

// One deployment, one signer: every isolate may be a minute late, and asks D1 only that often.
let held: { rows: readonly SigningCertificateRow[]; freshUntil: number } | undefined;
const opened = new WeakMap<SigningCertificateRow, Signer>();

/** The last uploaded one that is valid. */
async function uploadedSigner(env: Env, now: number): Promise<Signer | undefined> {
  const row = (await loadRows(env, now)).find(
    ({ notBefore, notAfter }) => notBefore <= now && now < notAfter,
  );
  if (!row) return undefined;
  const known = opened.get(row);
  if (known) return known;
  const sealed = fromBase64(row.sealedKey) ?? new Uint8Array();
  const pkcs8 = await openOwn(await masterKeys(env), signingKeyContext(row.id), sealed);
  const signer = { certificate: parsed(stored(row.certificate)), pkcs8 };
  const made = { signer, chain: row.chain.map((der) => parsed(stored(der))) };
  opened.set(row, made);
  return made;
}

async function loadRows(env: Env, now: number): Promise<readonly SigningCertificateRow[]> {
  if (held && held.freshUntil > now) return held.rows;
  try {
    held = { rows: await listSigningCertificates(openDb(env.DB)), freshUntil: now + freshForMs };
  } catch (fault) {
    if (!held) throw fault;
    logFault("signing-certificates-stale", fault);
  }
  return held.rows;
}

/** Called after a change, for this isolate. */
export function forgetProfileSigner(): void {
  held = undefined;
}

const stored = (der: string): Bytes => fromBase64(der) ?? new Uint8Array();

function parsed(der: Bytes): Certificate {
  const certificate = parseCertificate(der);
  if (!certificate.ok) throw new Error("a stored certificate for signing profiles cannot be read");
  return certificate.value;
}
