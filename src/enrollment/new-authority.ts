import { toHex } from "../base/bytes.ts";
import { day } from "../base/time.ts";
import { generateKeyPair, keyIdentifier } from "../pki/keys.ts";
import { toPem } from "../pki/pem.ts";

/**
 * A new authority, as PEM. Pure except for WebCrypto: `npm start` and `npm run deploy` make it in Node and import it,
 * because an RSA key needs more time than a request on the free plan has; otherwise a `Registrar` object makes it.
 *
 * RSA, because SCEP encrypts to it; 2048 bits, because three private operations must fit one request.
 */
const lifetimeMs = 20 * 365.25 * day;
/** Names in certificates have upper bounds (RFC 5280 appendix A.1). */
const longestName = 64;

export type NewAuthority = { certificate: string; privateKey: string; chain: string };

export async function makeAuthority(organization: string, now: number): Promise<NewAuthority> {
  const { pkcs8, spki } = await generateKeyPair("RSA-2048");
  // The name contains a part of the key's identifier, so that two authorities of one organization can be distinguished.
  const mark = toHex((await keyIdentifier(spki)).subarray(0, 4));
  const { issueAuthority } = await import("../pki/libraries/issue.ts");
  const name = { O: organization.slice(0, longestName), CN: `Device Identities ${mark}` };
  const der = await issueAuthority({ name, now, lifetimeMs }, { pkcs8, spki });
  return { certificate: toPem("CERTIFICATE", der), privateKey: toPem("PRIVATE KEY", pkcs8), chain: "" };
}
