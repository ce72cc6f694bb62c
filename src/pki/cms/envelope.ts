import type { Bytes } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import type { Certificate, Credential } from "../certificate.ts";
import { contentOf, expectTag, fieldsOf } from "../der/fields.ts";
import { type MalformedRefusal, malformed, reading } from "../der/malformed.ts";
import type { Element } from "../der/parse.ts";
import { contextTag, primitiveTag, tags } from "../der/tags.ts";
import { numberOf, octetStringOf, octetsOf, oidOf } from "../der/values.ts";
import { asn1Null, integer, octetString, oid, sequence, setOf, tlv } from "../der/write.ts";
import { algorithmOf, keyShape } from "../keys.ts";
import { oids } from "../oids.ts";
import { type CertificateId, identifies, issuerAndSerial, readCertificateId } from "./certificate-id.ts";
import {
  type Authentication,
  type Cipher,
  type CipherName,
  cipherByName,
  cipherByOid,
  decryptContent,
  encryptContent,
  isAuthenticated,
} from "./ciphers.ts";
import { contentInfo, readContentInfo } from "./content-info.ts";
import { type KeyTransport, readKeyTransport, unwrapKey, wrapKey } from "./key-transport.ts";

// EnvelopedData (RFC 5652 section 6) to and from RSA keys, and AuthEnvelopedData (RFC 5083) from them. Reading is two
// steps: `parseEnvelope` refuses by algorithm before any key is touched; `openEnvelope` then fails in one way only,
// whatever was wrong inside, as key-transport.ts explains.

export type Envelope = {
  cipher: Cipher;
  recipients: readonly Recipient[];
  iv: Bytes;
  ciphertext: Bytes;
  authentication: Authentication | undefined;
};

type Recipient = {
  id: CertificateId;
  /** undefined when it is not one that is read here. */
  transport: KeyTransport | undefined;
  transportOid: string;
  wrappedKey: Bytes;
};

export type EnvelopeRefusal =
  | MalformedRefusal
  | { reason: "wrong-content-type"; found: string }
  | { reason: "unsupported-cipher"; algorithm: string };

export type OpenRefusal =
  | { reason: "no-recipient"; recipients: number }
  | { reason: "unsupported-key-transport"; algorithm: string }
  | { reason: "undecryptable" };

export type ReadPolicy = {
  /** Single and triple DES, for clients that know nothing else. */
  allowLegacyCiphers?: boolean;
  maxBytes?: number;
};

export const parseEnvelope = (
  cms: Uint8Array,
  { allowLegacyCiphers = false, maxBytes }: ReadPolicy = {},
): Result<Envelope, EnvelopeRefusal> =>
  reading<Envelope, EnvelopeRefusal>(() => {
    const { type, content } = readContentInfo(new Uint8Array(cms), maxBytes);
    const authenticated = type === oids.authEnvelopedData;
    if (type !== oids.envelopedData && !authenticated)
      return refuse({ reason: "wrong-content-type", found: type });

    const fields = fieldsOf(content, tags.sequence, "enveloped data");
    fields.take(tags.integer, "version");
    fields.maybe(contextTag(0));
    const recipients = fields.take(tags.set, "recipients").children;
    const encrypted = fieldsOf(
      fields.take(tags.sequence, "encrypted content"),
      tags.sequence,
      "encrypted content",
    );
    oidOf(encrypted.any("content type"), "content type");
    const { algorithm, parameters } = algorithmOf(encrypted.take(tags.sequence, "content cipher"));
    const cipher = cipherByOid(algorithm);
    if (!cipher || isAuthenticated(cipher) !== authenticated || (cipher.legacy && !allowLegacyCiphers))
      return refuse({ reason: "unsupported-cipher", algorithm });
    const ciphertext = encrypted.any("encrypted content");
    if ((ciphertext.tag & ~0x20) !== primitiveTag(0)) malformed("encrypted content has another tag");
    return ok({
      cipher,
      recipients: recipients.flatMap(readRecipient),
      iv: readIv(cipher, parameters),
      ciphertext: octetsOf(ciphertext),
      authentication: authenticated ? readAuthentication(fields.rest(), parameters) : undefined,
    });
  });

// Recipients by agreement, by password or by shared key (tags [1] to [4]) are for others.
function readRecipient(element: Element): Recipient[] {
  if (element.tag !== tags.sequence) return [];
  const fields = fieldsOf(element, tags.sequence, "recipient");
  fields.take(tags.integer, "version");
  const id = fields.any("recipient identifier");
  const algorithm = fields.take(tags.sequence, "key transport");
  return [
    {
      id: readCertificateId(id),
      transport: readKeyTransport(algorithm),
      transportOid: algorithmOf(algorithm).algorithm,
      wrappedKey: octetStringOf(fields.any("encrypted key"), "encrypted key"),
    },
  ];
}

function readIv(cipher: Cipher, parameters: Element | undefined): Bytes {
  const holder = parameters ?? malformed("content cipher without an initial vector");
  const nonce = isAuthenticated(cipher)
    ? fieldsOf(holder, tags.sequence, "GCM parameters").any("nonce")
    : holder;
  const iv = octetStringOf(nonce, "initial vector");
  return iv.length === cipher.ivBytes ? iv : malformed(`an initial vector of ${iv.length} bytes`);
}

// RFC 5083 section 2.1: what is authenticated beside the content is the DER of the attributes as a SET.
function readAuthentication(rest: readonly Element[], parameters: Element | undefined): Authentication {
  const attributes = rest.find((field) => field.tag === contextTag(1));
  const mac = rest.find((field) => (field.tag & ~0x20) === tags.octetString);
  const length = parameters && fieldsOf(parameters, tags.sequence, "GCM parameters").rest()[1];
  const expected = length ? numberOf(expectTag(length, tags.integer, "tag length"), "tag length") : 12;
  const tag = mac ? octetsOf(mac) : malformed("no authentication tag");
  if (tag.length !== expected || expected < 12 || expected > 16)
    malformed(`an authentication tag of ${tag.length} bytes`);
  return { tag, data: attributes ? tlv(tags.set, contentOf(attributes)) : new Uint8Array() };
}

/**
 * The content, if it was encrypted to this key. A sole recipient is tried even when it names someone else: clients copy
 * names wrongly. One in 256 wrong keys leaves a correct CBC padding: a caller that cannot read the resulting content
 * must answer as for `undecryptable`.
 */
export async function openEnvelope(
  envelope: Envelope,
  credential: Credential,
): Promise<Result<Bytes, OpenRefusal>> {
  const { recipients, cipher, iv, ciphertext, authentication } = envelope;
  const recipient =
    recipients.find(({ id }) => identifies(id, credential.certificate)) ??
    (recipients.length === 1 ? recipients[0] : undefined);
  if (!recipient) return refuse({ reason: "no-recipient", recipients: recipients.length });
  const { transport, transportOid, wrappedKey } = recipient;
  if (!transport) return refuse({ reason: "unsupported-key-transport", algorithm: transportOid });
  const key = await unwrapKey(transport, wrappedKey, credential, cipher.keyBytes);
  const content = await decryptContent(cipher, key, iv, ciphertext, authentication);
  return content ? ok(content) : refuse({ reason: "undecryptable" });
}

export type BuildCipher = Exclude<CipherName, "DES-CBC" | `${string}-GCM`>;

/** Encrypts to one certificate, as DER in one piece. Only RSA keys can be encrypted to. */
export async function buildEnvelope(
  content: Bytes,
  recipient: Certificate,
  cipherName: BuildCipher = "AES-128-CBC",
): Promise<Result<Bytes, { reason: "unsupported-key"; detail: string }>> {
  const shape = keyShape(recipient.spki);
  if (!shape.ok) return shape;
  if (shape.value.kind !== "rsa")
    return refuse({ reason: "unsupported-key", detail: `cannot encrypt to a key on ${shape.value.curve}` });
  const cipher = cipherByName(cipherName);
  const key = crypto.getRandomValues(new Uint8Array(cipher.keyBytes));
  const iv = crypto.getRandomValues(new Uint8Array(cipher.ivBytes));
  const ciphertext = await encryptContent(cipher, key, iv, content);
  return ok(
    contentInfo(
      oids.envelopedData,
      sequence(
        integer(0),
        setOf(
          sequence(
            integer(0),
            issuerAndSerial(recipient),
            sequence(oid(oids.rsaEncryption), asn1Null),
            octetString(wrapKey(key, recipient.spki)),
          ),
        ),
        sequence(
          oid(oids.data),
          sequence(oid(cipher.oid), octetString(iv)),
          tlv(primitiveTag(0), ciphertext),
        ),
      ),
    ),
  );
}
