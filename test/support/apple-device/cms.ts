/**
 * CMS as Apple's devices write and read it (RFC 5652): signatures with and without signed attributes, in DER or with
 * the indefinite lengths of Apple's encoder, and envelopes for one RSA recipient. Its own code on purpose: nothing here
 * is shared with the server that will judge it.
 */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  privateDecrypt,
  publicEncrypt,
} from "node:crypto";
import { type CertificateParts, type Identity, issuerAndSerial, readCertificate } from "./certificate.ts";
import {
  type Bytes,
  concat,
  type Element,
  indefinite,
  integer,
  nothing,
  octets,
  oid,
  read,
  sameBytes,
  sequence,
  setOf,
  tagged,
  time,
  tlv,
} from "./der.ts";
import { type Key, publicPem, signWith, verifyWith } from "./keys.ts";
import { type Cipher, cipherOf, ciphers, type Digest, digestOf, digests, oids } from "./oids.ts";

export type SignatureStyle = {
  digest: Digest;
  /** Signed attributes with a signing time, or the signature directly over the content. */
  attributes: boolean;
  /** `ber` opens the outer levels with indefinite lengths. */
  encoding: "der" | "ber";
  /** `combined` names digest and key in one identifier (sha1WithRSA); `plain` says rsaEncryption alone. */
  algorithm: "combined" | "plain";
};

/** The captured macOS shape: SHA-1, nothing signed but the body, outer levels of indefinite length. */
export const macSignature: SignatureStyle = {
  digest: "SHA-1",
  attributes: false,
  encoding: "ber",
  algorithm: "combined",
};

/** iOS, iPadOS, tvOS and their kin: attributes with the device's own idea of the time. */
export const mobileSignature: SignatureStyle = {
  digest: "SHA-256",
  attributes: true,
  encoding: "ber",
  algorithm: "plain",
};

export const hash = (digest: Digest, data: Uint8Array): Bytes =>
  new Uint8Array(createHash(digests[digest].node).update(data).digest());

export const attribute = (type: string, value: Bytes): Bytes => sequence(oid(type), setOf(value));

export function signedData(input: {
  content: Uint8Array;
  detached: boolean;
  signer: Identity;
  style: SignatureStyle;
  now: number;
  /** Attributes beside contentType, messageDigest and signingTime. */
  attributes?: readonly Bytes[];
  certificates?: readonly Uint8Array[];
}): Bytes {
  const { content, signer, style } = input;
  const constructed = style.encoding === "ber" ? indefinite : tlv;
  const digestAlgorithm = sequence(oid(digests[style.digest].oid), nothing);
  const attributes = style.attributes
    ? setOf(
        attribute(oids.contentType, oid(oids.data)),
        attribute(oids.signingTime, time(input.now)),
        attribute(oids.messageDigest, octets(hash(style.digest, content))),
        ...(input.attributes ?? []),
      )
    : undefined;
  const signerInfo = sequence(
    integer(1),
    issuerAndSerial(readCertificate(signer.certificate)),
    digestAlgorithm,
    ...(attributes ? [tagged(0, read(attributes).content)] : []),
    signatureAlgorithm(signer.key, style),
    octets(signWith(signer.key, style.digest, attributes ?? content)),
  );
  const embedded = input.detached ? [] : [constructed(0xa0, embeddedContent(content, style))];

  return constructed(
    0x30,
    oid(oids.signedData),
    constructed(
      0xa0,
      constructed(
        0x30,
        integer(1),
        setOf(digestAlgorithm),
        constructed(0x30, oid(oids.data), ...embedded),
        tagged(0, ...(input.certificates ?? [signer.certificate])),
        setOf(signerInfo),
      ),
    ),
  );
}

const embeddedContent = (content: Uint8Array, style: SignatureStyle): Bytes =>
  style.encoding === "ber" ? indefinite(0x24, octets(content)) : octets(content);

function signatureAlgorithm(key: Key, style: SignatureStyle): Bytes {
  if (key.type === "ec") return sequence(oid(digests[style.digest].withEcdsa));
  return sequence(
    oid(style.algorithm === "plain" ? oids.rsaEncryption : digests[style.digest].withRsa),
    nothing,
  );
}

/** An envelope for one RSA key, PKCS #1 v1.5. In BER the ciphertext comes in segments, as Macs have been seen to send it. */
export function envelop(input: {
  content: Uint8Array;
  recipient: CertificateParts;
  cipher: Cipher;
  encoding: "der" | "ber";
  random: (length: number) => Uint8Array;
}): Bytes {
  const cipher = ciphers[input.cipher];
  const constructed = input.encoding === "ber" ? indefinite : tlv;
  const contentKey = input.random(cipher.keyBytes);
  const iv = input.random(cipher.ivBytes);
  const encryption = createCipheriv(cipher.node, keyOctets(input.cipher, contentKey), iv);
  const ciphertext = concat(encryption.update(input.content), encryption.final());
  const wrapped = publicEncrypt(
    { key: publicPem(input.recipient.spki), padding: constants.RSA_PKCS1_PADDING },
    contentKey,
  );

  return constructed(
    0x30,
    oid(oids.envelopedData),
    constructed(
      0xa0,
      constructed(
        0x30,
        integer(0),
        setOf(
          sequence(
            integer(0),
            issuerAndSerial(input.recipient),
            sequence(oid(oids.rsaEncryption), nothing),
            octets(wrapped),
          ),
        ),
        constructed(
          0x30,
          oid(oids.data),
          sequence(oid(cipher.oid), octets(iv)),
          input.encoding === "ber" ? indefinite(0xa0, ...segments(ciphertext)) : tlv(0x80, ciphertext),
        ),
      ),
    ),
  );
}

const segmentBytes = 1000;

const segments = (ciphertext: Bytes): Bytes[] =>
  Array.from({ length: Math.ceil(ciphertext.length / segmentBytes) }, (_, index) =>
    octets(ciphertext.subarray(index * segmentBytes, (index + 1) * segmentBytes)),
  );

const keyOctets = (cipher: Cipher, key: Uint8Array): Uint8Array =>
  cipher === "DES" ? concat(key, key, key) : key;

/** Opens an envelope that was made for this key. */
export function openEnvelope(envelope: Uint8Array, key: Key): { content: Bytes; cipher: Cipher } {
  const fields = contentOf(read(envelope), oids.envelopedData).children;
  const recipient = fields.find((field) => field.tag === 0x31)?.child(0);
  const encrypted = fields.find((field) => field.tag === 0x30);
  if (!recipient || !encrypted) throw new Error("the envelope has no recipient or no content");

  const algorithm = encrypted.child(1);
  const cipher = cipherOf(algorithm.child(0).dotted);
  const contentKey = privateDecrypt(
    { key: key.pem, padding: constants.RSA_PKCS1_PADDING },
    recipient.children.at(-1)?.joined ?? new Uint8Array(),
  );
  const decryption = createDecipheriv(
    ciphers[cipher].node,
    keyOctets(cipher, contentKey),
    algorithm.child(1).joined,
  );
  const content = concat(decryption.update(encrypted.child(2).joined), decryption.final());
  return { content, cipher };
}

export type ReadSignature = {
  content: Bytes | undefined;
  certificates: Bytes[];
  /** undefined when there is no SignerInfo (a degenerate message) or no attributes. */
  attributes: ReadonlyMap<string, Element> | undefined;
  signer: CertificateParts | undefined;
};

/** Reads a SignedData, and verifies its one signature unless it has none. Throws when something does not hold. */
export function readSignedData(cms: Uint8Array, detached?: Uint8Array): ReadSignature {
  const fields = contentOf(read(cms), oids.signedData).children;
  const encapsulated = fields[2];
  const signerInfos = fields.at(-1)?.children ?? [];
  const embedded = encapsulated?.children[1]?.child(0).joined;
  const certificates = (fields.find((field) => field.tag === 0xa0)?.children ?? []).map(({ raw }) => raw);
  if (signerInfos.length === 0) {
    return { content: embedded, certificates, attributes: undefined, signer: undefined };
  }
  if (signerInfos.length > 1) throw new Error(`${signerInfos.length} signers where one was expected`);

  const content = detached ?? embedded;
  const [, signerId, digestAlgorithm, ...rest] = signerInfos[0]?.children ?? [];
  const signer = certificates.map(readCertificate).find((candidate) => {
    return signerId !== undefined && sameBytes(issuerAndSerial(candidate), signerId.raw);
  });
  if (!signer || !digestAlgorithm) throw new Error("the signer's certificate is not in the message");
  const digest = digestOf(digestAlgorithm.child(0).dotted);
  const attributes = rest[0]?.tag === 0xa0 ? rest.shift() : undefined;
  const signature = rest[1]?.joined ?? new Uint8Array();
  const signedBytes = attributes ? tlv(0x31, attributes.content) : (content ?? new Uint8Array());
  if (!verifyWith(signer.spki, digest, signedBytes, signature))
    throw new Error("the signature does not hold");

  const named =
    attributes && new Map(attributes.children.map((pair) => [pair.child(0).dotted, pair.child(1).child(0)]));
  const claimed = named?.get(oids.messageDigest)?.content;
  if (named && !(claimed && sameBytes(claimed, hash(digest, content ?? new Uint8Array())))) {
    throw new Error("messageDigest is not the digest of the content");
  }
  return { content: embedded, certificates, attributes: named, signer };
}

function contentOf(contentInfo: Element, type: string): Element {
  const found = contentInfo.child(0).dotted;
  if (found !== type) throw new Error(`content type ${found} where ${type} was expected`);
  return contentInfo.child(1).child(0);
}
