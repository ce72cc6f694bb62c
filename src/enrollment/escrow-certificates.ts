import { type Bytes, fromBase64, toBase64, toHex } from "../base/bytes.ts";
import { log } from "../base/log.ts";
import { day } from "../base/time.ts";
import {
  type EscrowCertificateRow,
  insertEscrowCertificate,
  listEscrowCertificates,
} from "../db/escrow-certificates.ts";
import { openDb } from "../db/open.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import type { Certificate } from "../pki/certificate.ts";
import { identifies } from "../pki/cms/certificate-id.ts";
import { type Envelope, openEnvelope, parseEnvelope } from "../pki/cms/envelope.ts";
import { generateKeyPair, keyIdentifier } from "../pki/keys.ts";
import { masterKeys } from "../pki/master.ts";
import { fingerprint, parseCertificate } from "../pki/parse-certificate.ts";
import { openOwn, sealText } from "../pki/seal.ts";
import { escrowKeyContext } from "../pki/seal-contexts.ts";

/**
 * The certificate that Macs encrypt their FileVault recovery keys to: in the FDERecoveryKeyEscrow payload, and as the
 * ReplyEncryptionCertificate of RotateFileVaultKey. Made at the first use; newer ones may follow, and all are kept.
 */
const lifetimeMs = 20 * 365.25 * day;
const longestName = 64;

/** Generates an RSA key, so it must run in an object. With `onlyFirst`, only if there is none. */
export async function makeEscrowCertificate(
  env: Env,
  organization: string,
  onlyFirst: boolean,
  now: number,
): Promise<void> {
  const db = openDb(env.DB);
  if (onlyFirst && (await listEscrowCertificates(db)).length > 0) return;
  const { pkcs8, spki } = await generateKeyPair("RSA-2048");
  const mark = toHex((await keyIdentifier(spki)).subarray(0, 4));
  const { issueSelfSigned } = await import("../pki/libraries/issue.ts");
  const name = { O: organization.slice(0, longestName), CN: `Recovery Key Escrow ${mark}` };
  const der = await issueSelfSigned({ name, now, lifetimeMs, onlyEncrypts: true }, { pkcs8, spki });
  const print = await fingerprint(der);
  const row = {
    fingerprint: print,
    certificate: toBase64(der),
    sealedKey: await sealText(await sealingKeys(env), escrowKeyContext(print), pkcs8),
    notAfter: now + lifetimeMs,
    createdAt: now,
  };
  await insertEscrowCertificate(db, row, onlyFirst);
}

/** The certificate in use, DER; made now if there is none. */
export async function escrowCertificate(env: Env): Promise<Bytes> {
  const db = openDb(env.DB);
  const [known] = await listEscrowCertificates(db);
  if (known) return derOf(known);
  await env.REGISTRAR.getByName("registrar").makeEscrowCertificate(true);
  const [made] = await listEscrowCertificates(db);
  if (!made) throw new Error("a new escrow certificate was not stored");
  return derOf(made);
}

/** Decrypts what a device encrypted to one of our certificates; undefined, and a line in the log, if it is for none. */
export async function decryptEscrowed(env: Env, cms: Uint8Array): Promise<Bytes | undefined> {
  const envelope = parseEnvelope(cms, { allowLegacyCiphers: true });
  if (!envelope.ok) return unopened(envelope.refusal.reason);
  const rows = await listEscrowCertificates(openDb(env.DB));
  for (const { row, certificate } of addressees(envelope.value, rows)) {
    const sealed = fromBase64(row.sealedKey) ?? new Uint8Array();
    const pkcs8 = await openOwn(await masterKeys(env), escrowKeyContext(row.fingerprint), sealed);
    const opened = await openEnvelope(envelope.value, { certificate, pkcs8 });
    if (opened.ok) return trimmed(opened.value);
  }
  return unopened("no-key-of-ours");
}

/** The certificates that the message names; all of ours if it names none, because some systems copy names wrongly. */
function addressees({ recipients }: Envelope, rows: readonly EscrowCertificateRow[]) {
  const ours = rows.map((row) => ({ row, certificate: parsed(row) }));
  const named = ours.filter(({ certificate }) => recipients.some(({ id }) => identifies(id, certificate)));
  return named.length > 0 ? named : ours;
}

function unopened(reason: string): undefined {
  log({ event: "recovery-key-not-opened", reason });
  return undefined;
}

function parsed(row: EscrowCertificateRow): Certificate {
  const certificate = parseCertificate(derOf(row));
  if (!certificate.ok) throw new Error(`escrow certificate ${row.fingerprint} cannot be read`);
  return certificate.value;
}

export function derOf({ fingerprint: print, certificate }: EscrowCertificateRow): Bytes {
  const der = fromBase64(certificate);
  if (!der) throw new Error(`escrow certificate ${print} is not base64`);
  return der;
}

// A recovery key is text; some systems end it with a line feed or a zero byte.
function trimmed(bytes: Bytes): Bytes {
  let end = bytes.length;
  while (end > 0 && [0x00, 0x0a, 0x0d, 0x20].includes(bytes[end - 1] as number)) end -= 1;
  return bytes.slice(0, end);
}
