import { type Bytes, fromBase64, fromUtf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Credential } from "../pki/certificate.ts";
import { identifies } from "../pki/cms/certificate-id.ts";
import { openEnvelope, parseEnvelope } from "../pki/cms/envelope.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import { type AdeToken, readToken, type TokenRefusal } from "./token.ts";

/**
 * The server token that Apple's portal gives for an uploaded certificate: an S/MIME part with a CMS message, encrypted
 * to that certificate, of a text part with JSON between two lines.
 *
 * Leaves to others: making the key pair, and proving to Apple that the token works.
 *
 * The surprise: Apple's sample breaks lines inside of JSON strings, so all line breaks go before it is parsed. And what
 * does not decrypt is told apart by the recipient's name alone, which is public: nothing tells how the padding was.
 */

const largestFile = 64 * 1024;

export type TokenFileRefusal =
  | { reason: "not-a-token-file" | "other-key" | "damaged"; detail: string }
  | TokenRefusal;

export async function openTokenFile(
  file: Uint8Array,
  credential: Credential,
  now: number,
): Promise<Result<AdeToken, TokenFileRefusal>> {
  const cms = unwrap(file);
  if (!cms.ok) return cms;
  const envelope = parseEnvelope(cms.value, { allowLegacyCiphers: true, maxBytes: largestFile });
  if (!envelope.ok) {
    const { refusal } = envelope;
    if (parseCertificate(cms.value).ok) return isCertificate();
    return refusal.reason === "malformed"
      ? bad("damaged", `its CMS message is not whole (${refusal.detail}): download the file from Apple again`)
      : bad("not-a-token-file", "it holds another kind of CMS message than a server token");
  }

  const { recipients } = envelope.value;
  const isOurs = recipients.some(({ id }) => identifies(id, credential.certificate));
  const opened = await openEnvelope(envelope.value, credential);
  const value = opened.ok ? readMessage(opened.value) : undefined;
  if (value !== undefined) return readToken(value, now);
  return isOurs
    ? bad("damaged", "it is for this certificate, but what was encrypted is not whole: download it again")
    : bad(
        "other-key",
        "it was made for another certificate: upload this account's certificate at Apple, and send the file that Apple gives then",
      );
}

/** The CMS message of an S/MIME part, of bare base64, or as it is. */
function unwrap(file: Uint8Array): Result<Bytes, TokenFileRefusal> {
  if (file.length > largestFile)
    return bad("not-a-token-file", `it has ${file.length} bytes; token files have a few thousand`);
  const isDer = file[0] === 0x30 && (file[1] ?? 0) >= 0x80;
  if (isDer) return ok(new Uint8Array(file));

  const text = new TextDecoder("latin1").decode(file).replace(/\r\n?/g, "\n").trim();
  if (text.startsWith("-----BEGIN CERTIFICATE")) return isCertificate();
  const body = withoutHeaders(text);
  const cms = fromBase64(body);
  if (cms !== undefined && cms[0] === 0x30) return ok(cms);
  return body !== text && /pkcs7-mime/i.test(text)
    ? bad("damaged", "what follows its headers is not base64: download the file from Apple again")
    : bad("not-a-token-file", "it is no S/MIME file such as Apple's portal gives (…_smime.p7m)");
}

/** The headers of a MIME part end at the first empty line; a text that begins without any is all body. */
const withoutHeaders = (text: string): string =>
  /^[A-Za-z][A-Za-z-]*:/.test(text) ? text.slice(text.match(/\n[ \t]*\n/)?.index ?? text.length) : text;

/** What the JSON of the inner part says; undefined for what is no such text. */
function readMessage(content: Bytes): unknown {
  try {
    const body = withoutHeaders(fromUtf8(content).replace(/\r\n?/g, "\n").trim());
    const framed = body.match(/-----BEGIN MESSAGE-----([\s\S]*?)-----END MESSAGE-----/)?.[1] ?? body;
    const line = framed.replace(/\n/g, "");
    const value: unknown = JSON.parse(line.slice(line.indexOf("{"), line.lastIndexOf("}") + 1));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const isCertificate = () =>
  bad("not-a-token-file", "it is a certificate: upload it at Apple, and send the file that Apple gives");

const bad = (
  reason: "not-a-token-file" | "other-key" | "damaged",
  detail: string,
): { ok: false; refusal: TokenFileRefusal } => refuse({ reason, detail });
