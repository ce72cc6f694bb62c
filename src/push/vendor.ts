import { signForPortal, type Vendor } from "../apns/certificate-request.ts";
import { toBase64 } from "../base/bytes.ts";
import { openDb } from "../db/open.ts";
import { type PushVendorRow, putPushVendor } from "../db/push-requests.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import type { Certificate } from "../pki/certificate.ts";
import { masterKeys } from "../pki/master.ts";
import { fingerprint, parseCertificate } from "../pki/parse-certificate.ts";
import { openText, sealText } from "../pki/seal.ts";
import { pushVendorKeyContext } from "../pki/seal-contexts.ts";
import { derIn } from "./manage-requests.ts";

/** The stored vendor certificate, so that a call of the API can sign requests. */
export async function keepVendor(env: Env, { chain, pkcs8 }: Vendor, now: number): Promise<PushVendorRow> {
  const [certificate] = chain as [Certificate, ...Certificate[]];
  const id = (await fingerprint(certificate.der)).slice(0, 16);
  const row = {
    id,
    subject: certificate.subjectText,
    chain: chain.map(({ der }) => toBase64(der)),
    sealedKey: await sealText(await sealingKeys(env), pushVendorKeyContext(id), pkcs8),
    notAfter: Math.min(...chain.map(({ notAfter }) => notAfter)),
    createdAt: now,
  };
  await putPushVendor(openDb(env.DB), row);
  return row;
}

/** The file for Apple's portal, signed with the stored vendor certificate. */
export async function signWithKept(env: Env, row: PushVendorRow, csr: string): Promise<string> {
  const key = await openText(await masterKeys(env), pushVendorKeyContext(row.id), row.sealedKey);
  if (!key.ok) throw new Error(`cannot open the key of push vendor ${row.id}: ${key.refusal.detail}`);
  return signForPortal(derIn(csr), { chain: row.chain.map(parsed), pkcs8: key.value });
}

function parsed(base64: string): Certificate {
  const certificate = parseCertificate(derIn(base64));
  if (!certificate.ok) throw new Error("a certificate of the push vendor cannot be read");
  return certificate.value;
}
