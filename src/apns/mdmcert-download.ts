import { type Bytes, fromHex, fromUtf8, toBase64, utf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Credential } from "../pki/certificate.ts";
import { openEnvelope, parseEnvelope } from "../pki/cms/envelope.ts";
import { toPem } from "../pki/pem.ts";
import { readPortalFile } from "./certificate-request.ts";

/**
 * mdmcert.download signs push requests of organisations that are not MDM vendors: it takes the request and a certificate,
 * and mails the signed request, encrypted to that certificate. https://mdmcert.download
 *
 * Leaves to others: sending the request, and fetching the mail.
 *
 * The surprise: what it mails is hexadecimal text, of a CMS message, of base64, of a property list.
 */
export const mdmcertUrl = "https://mdmcert.download/api/v1/signrequest";

/** The name in the certificate that the answer is encrypted to. */
export const exchangeName = "mdmcert.download";

export type SignOrder = {
  csr: Bytes;
  /** Encrypted to; DER. */
  exchangeCertificate: Bytes;
  /** Registered and confirmed at mdmcert.download: the answer is mailed there. */
  email: string;
  /** Names the software that asks; given out by mdmcert.download. */
  apiKey: string;
};

export const signRequestBody = ({ csr, exchangeCertificate, email, apiKey }: SignOrder): string =>
  JSON.stringify({
    csr: toBase64(utf8(toPem("CERTIFICATE REQUEST", csr))),
    email,
    key: apiKey,
    encrypt: toBase64(utf8(toPem("CERTIFICATE", exchangeCertificate))),
  });

/** Its answer: that it will send a mail, or why not. */
export function readSignAnswer(status: number, text: string): Result<undefined, { detail: string }> {
  const { result, reason } = fieldsOf(text);
  if (status >= 200 && status < 300 && result === "success") return ok(undefined);
  const said = typeof reason === "string" && reason !== "" ? reason.slice(0, 300) : `status ${status}`;
  return refuse({ detail: said });
}

function fieldsOf(text: string): { result?: unknown; reason?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

export type MailRefusal = { reason: "malformed" | "undecryptable" | "another-request"; detail: string };

/** What was mailed, opened: the file for Apple's portal. It must be for the request that was sent. */
export async function openMail(
  text: string,
  credential: Credential,
  csr: Bytes,
): Promise<Result<string, MailRefusal>> {
  const cms = fromHex(text.replace(/\s+/g, ""));
  if (cms === undefined || cms.length === 0)
    return bad("malformed", "it is not hexadecimal text: send the attachment of the mail as it is");
  const envelope = parseEnvelope(cms, { allowLegacyCiphers: true });
  if (!envelope.ok) return bad("malformed", `it is no encrypted message (${envelope.refusal.reason})`);
  const opened = await openEnvelope(envelope.value, credential);
  const content = opened.ok ? textOf(opened.value) : undefined;
  if (content === undefined)
    return bad("undecryptable", "it was not encrypted for this request; each has a key of its own");
  const file = readPortalFile(content);
  // Of wrong keys one in 256 leaves bytes that look right so far.
  if (!file.ok)
    return bad("undecryptable", `what was in it is not what Apple's portal takes: ${file.refusal.detail}`);
  if (Buffer.compare(file.value.csr, csr) !== 0)
    return bad("another-request", "the request in it is another one; send it to the request that it answers");
  return ok(content.replace(/\s+/g, ""));
}

function textOf(bytes: Bytes): string | undefined {
  try {
    return fromUtf8(bytes);
  } catch {
    return undefined;
  }
}

const bad = (reason: MailRefusal["reason"], detail: string): { ok: false; refusal: MailRefusal } =>
  refuse({ reason, detail });
