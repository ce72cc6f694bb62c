import { toHex } from "../base/bytes.ts";
import { day } from "../base/time.ts";
import { issueAuthority, serialFrom } from "../pki/issue.ts";
import { generateKeyPair, keyIdentifier } from "../pki/keys.ts";
import { buildName } from "../pki/names.ts";
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
  const subject = buildName([
    [{ type: "O", value: organization.slice(0, longestName) }],
    [{ type: "CN", value: `Device Identities ${mark}` }],
  ]);
  if (!subject.ok) throw new Error(`cannot name an authority: ${subject.refusal.detail}`);
  const serial = serialFrom(crypto.getRandomValues(new Uint8Array(16)));
  const der = await issueAuthority({ serial, subject: subject.value, spki, now, lifetimeMs }, pkcs8);
  return { certificate: toPem("CERTIFICATE", der), privateKey: toPem("PRIVATE KEY", pkcs8), chain: "" };
}
