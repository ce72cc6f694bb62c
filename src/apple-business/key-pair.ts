import { fromBase64, toBase64, toHex } from "../base/bytes.ts";
import { day } from "../base/time.ts";
import type { AdeAccountRow } from "../db/ade-accounts.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import type { Credential } from "../pki/certificate.ts";
import { generateKeyPair, keyIdentifier } from "../pki/keys.ts";
import { masterKeys } from "../pki/master.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import { openOwn, sealText } from "../pki/seal.ts";
import { adeKeyContext } from "../pki/seal-contexts.ts";

/**
 * The key pair that Apple's portal encrypts a token to. Each token has a pair of its own, which is kept as long as the
 * token: it also signs what Managed Apple Accounts ask for. A new pair waits beside the present one until a token that was
 * made for it is proven.
 */
const lifetimeMs = 2 * 366 * day;
const longestName = 64;

export type SealedPair = { certificate: string; sealedKey: string };

/** Generates an RSA key, so it belongs in an object. */
export async function makeKeyPair(
  env: Env,
  account: string,
  commonName: string,
  now: number,
  validMs = lifetimeMs,
): Promise<SealedPair> {
  const { pkcs8, spki } = await generateKeyPair("RSA-2048");
  const mark = toHex((await keyIdentifier(spki)).subarray(0, 4));
  const text = `${commonName.slice(0, longestName - mark.length - 1)} ${mark}`;
  const { issueSelfSigned } = await import("../pki/libraries/issue.ts");
  const der = await issueSelfSigned({ name: { CN: text }, now, lifetimeMs: validMs }, { pkcs8, spki });
  const certificate = toBase64(der);
  const sealedKey = await sealText(await sealingKeys(env), adeKeyContext(account, certificate), pkcs8);
  return { certificate, sealedKey };
}

/** The pair that waits, then the one of the present token: a file may be for either. */
export const pairsOf = (row: AdeAccountRow): SealedPair[] =>
  [
    { certificate: row.nextCertificate, sealedKey: row.sealedNextKey },
    { certificate: row.certificate, sealedKey: row.sealedKey },
  ].flatMap(({ certificate, sealedKey }) =>
    certificate !== null && sealedKey !== null ? [{ certificate, sealedKey }] : [],
  );

export async function openPair(env: Env, account: string, pair: SealedPair): Promise<Credential> {
  const certificate = parseCertificate(derOf(pair.certificate));
  if (!certificate.ok) throw new Error(`the token certificate of ${account} does not parse`);
  const context = adeKeyContext(account, pair.certificate);
  const pkcs8 = await openOwn(await masterKeys(env), context, fromBase64(pair.sealedKey) ?? new Uint8Array());
  return { certificate: certificate.value, pkcs8 };
}

export function derOf(certificate: string): Uint8Array<ArrayBuffer> {
  const der = fromBase64(certificate);
  if (!der) throw new Error("a token certificate is not base64");
  return der;
}
