import { concat, toBase64, utf8 } from "../../../src/base/bytes.ts";
import { type BuildCipher, buildEnvelope } from "../../../src/pki/cms/envelope.ts";
import { contentOf, rawOf } from "../../../src/pki/der/fields.ts";
import { type Element, parseDer } from "../../../src/pki/der/parse.ts";
import { primitiveTag, tags } from "../../../src/pki/der/tags.ts";
import { octetString } from "../../../src/pki/der/write.ts";
import { parseCertificate } from "../../../src/pki/parse-certificate.ts";
import { readPem } from "../../../src/pki/pem.ts";

// The file that Apple's portal gives: S/MIME around CMS around a text part around JSON.

export type TokenFileOptions = {
  /** As live files are; without it, as in Apple's sample, where lines are broken anywhere. */
  isFramed?: boolean;
  /** `ber`: with indefinite lengths and the content in pieces, as Apple sends it. */
  encoding?: "ber" | "der";
  cipher?: BuildCipher;
  lineEnd?: "\r\n" | "\n";
};

/** `token` as a portal file for the holder of `certificate` (PEM). Anything but a token may stand in it, for tests. */
export async function tokenFile(
  token: object | string,
  certificate: string,
  options: TokenFileOptions = {},
): Promise<string> {
  const { isFramed = true, encoding = "ber", cipher = "AES-128-CBC", lineEnd = "\r\n" } = options;
  const block = readPem(certificate)[0];
  const recipient = block && parseCertificate(block.der);
  if (!recipient?.ok) throw new Error("what was uploaded is no certificate");
  const json = typeof token === "string" ? token : JSON.stringify(token);
  const message = isFramed
    ? ["-----BEGIN MESSAGE-----", json, "-----END MESSAGE-----"].join(lineEnd)
    : json.replace(/.{1,64}/g, `$&${lineEnd}`);
  const part = ["Content-Type: text/plain;charset=UTF-8", "Content-Transfer-Encoding: 7bit", "", message, ""];
  const sealed = await buildEnvelope(utf8(part.join(lineEnd)), recipient.value, cipher);
  if (!sealed.ok) throw new Error("Apple takes certificates with an RSA key");
  const cms = encoding === "ber" ? indefinite(parseDer(sealed.value)) : sealed.value;
  return [
    'Content-Type: application/pkcs7-mime; name="smime.p7m";',
    "\tsmime-type=enveloped-data",
    "Content-Transfer-Encoding: base64",
    'Content-Disposition: attachment; filename="smime.p7m"',
    "Content-Description: S/MIME Encrypted Message",
    "",
    toBase64(cms).replace(/.{1,76}/g, `$&${lineEnd}`),
  ].join(lineEnd);
}

const pieceBytes = 100;

/** The same message with indefinite lengths around it and the ciphertext in pieces; recipients stay as they are. */
function indefinite(element: Element): Uint8Array {
  if (element.tag === tags.set) return rawOf(element);
  if (element.tag === primitiveTag(0)) return open(0xa0, pieces(contentOf(element)));
  return element.children.length === 0 ? rawOf(element) : open(element.tag, element.children.map(indefinite));
}

const open = (tag: number, parts: readonly Uint8Array[]): Uint8Array =>
  concat([Uint8Array.of(tag, 0x80), ...parts, Uint8Array.of(0, 0)]);

const pieces = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, at) =>
    octetString(bytes.subarray(at * pieceBytes, (at + 1) * pieceBytes)),
  );
