import type { Bytes } from "../base/bytes.ts";
import { attribute } from "../pki/attributes.ts";
import type { Certificate, Credential } from "../pki/certificate.ts";
import { contentInfo } from "../pki/cms/content-info.ts";
import { buildDegenerate } from "../pki/cms/degenerate.ts";
import { type BuildCipher, buildEnvelope } from "../pki/cms/envelope.ts";
import { buildSignedData } from "../pki/cms/sign.ts";
import {
  context,
  integer,
  isPrintable,
  octetString,
  oid,
  printableString,
  sequence,
  setOf,
  utf8String,
} from "../pki/der/write.ts";
import { oids } from "../pki/oids.ts";
import type { Digest, StrongDigest } from "../pki/signature.ts";
import type { Echo } from "./request.ts";
import { attributeOids, type FailInfo, failInfos, messageTypes, pkiStatuses } from "./vocabulary.ts";

/**
 * CertRep, the only kind of answer (RFC 8894 section 3.3.2): signed by the authority from GetCACert, its result encrypted
 * to the signer of the request.
 *
 * The surprise: a failure has no content at all, not an empty one. A success has only the issued certificate, because iOS
 * takes the first one as its own.
 */
export type ReplyTo = { echo: Echo; digest: Digest };

/** The content of a success. */
export type Granted = { certificate: Uint8Array } | { crl: Uint8Array };

export async function buildSuccess(
  signer: Credential,
  to: ReplyTo & { requester: Certificate; cipher: BuildCipher },
  result: Granted,
): Promise<Bytes> {
  const plain = "crl" in result ? degenerateCrl(result.crl) : buildDegenerate([result.certificate]);
  const envelope = await buildEnvelope(plain, to.requester, to.cipher);
  if (!envelope.ok) throw new Error(`cannot answer a requester with ${envelope.refusal.detail}`);
  return certRep(signer, to, envelope.value, [attribute(attributeOids.pkiStatus, text(pkiStatuses.SUCCESS))]);
}

export const buildFailure = (signer: Credential, to: ReplyTo, failInfo: FailInfo): Promise<Bytes> =>
  certRep(signer, to, undefined, [
    attribute(attributeOids.pkiStatus, text(pkiStatuses.FAILURE)),
    attribute(attributeOids.failInfo, text(failInfos[failInfo])),
  ]);

function certRep(
  signer: Credential,
  { echo, digest }: ReplyTo,
  content: Bytes | undefined,
  outcome: readonly Bytes[],
): Promise<Bytes> {
  const senderNonce = crypto.getRandomValues(new Uint8Array(16));
  return buildSignedData({
    signer,
    content,
    digest: strong(digest),
    attributes: [
      attribute(attributeOids.messageType, text(messageTypes.CertRep)),
      attribute(attributeOids.transactionID, text(echo.transactionID)),
      attribute(attributeOids.senderNonce, octetString(senderNonce)),
      ...(echo.senderNonce ? [attribute(attributeOids.recipientNonce, octetString(echo.senderNonce))] : []),
      ...outcome,
    ],
  });
}

// iOS verifies with the digest it chose itself. After SHA-1 the answer uses SHA-256, which is named in it.
const strong = (digest: Digest): StrongDigest => (digest === "SHA-1" ? "SHA-256" : digest);

// Transaction ids should be printable; one that is not goes back in a type that can hold it.
const text = (value: string): Bytes => (isPrintable(value) ? printableString(value) : utf8String(value));

/** RFC 8894 section 3.4: the CRL instead of certificates. */
const degenerateCrl = (crl: Uint8Array): Bytes =>
  contentInfo(
    oids.signedData,
    sequence(integer(1), setOf(), sequence(oid(oids.data)), context(1, crl), setOf()),
  );
