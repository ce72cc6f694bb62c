import { createExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { createPublicKey } from "node:crypto";
import { app } from "../../src/app.ts";
import { type Bytes, toHex } from "../../src/base/bytes.ts";
import { attribute, singleValue } from "../../src/pki/attributes.ts";
import type { Certificate, Credential } from "../../src/pki/certificate.ts";
import { readContentInfo } from "../../src/pki/cms/content-info.ts";
import { type BuildCipher, buildEnvelope, openEnvelope, parseEnvelope } from "../../src/pki/cms/envelope.ts";
import { buildSignedData } from "../../src/pki/cms/sign.ts";
import { readSignedData, verifySignedData } from "../../src/pki/cms/verify.ts";
import { rawOf } from "../../src/pki/der/fields.ts";
import { octetStringOf, textOf } from "../../src/pki/der/values.ts";
import { octetString, printableString } from "../../src/pki/der/write.ts";
import { type KeyPair, keyBits } from "../../src/pki/keys.ts";
import { issueSelfSigned } from "../../src/pki/libraries/issue.ts";
import { commonName } from "../../src/pki/names.ts";
import { toPem } from "../../src/pki/pem.ts";
import type { StrongDigest } from "../../src/pki/signature.ts";
import { attributeOids, messageTypes, type RequestType } from "../../src/scep/vocabulary.ts";
import { ask, origin } from "./admin.ts";
import { pooledRsaKeys } from "./apple-device/pooled-keys.ts";
import { buildCsr } from "./build-request.ts";
import { certificateOf } from "./pki.ts";

// A SCEP client with every lever that a test may want to move. Written with the server's own ASN.1; the client that can
// disagree with the server is in apple-device/.

export type Client = { key: KeyPair; signer: Credential };

export type Asking = {
  type?: RequestType;
  challenge?: string | undefined;
  subject?: Bytes;
  cipher?: BuildCipher;
  digest?: StrongDigest;
  transactionID?: string;
  senderNonce?: Bytes;
  /** In the place of a request for a certificate. */
  content?: Bytes;
  /** In the place of the envelope. */
  envelope?: Bytes;
};

export type Reply = {
  pkiStatus: string | undefined;
  failInfo: string | undefined;
  transactionID: string | undefined;
  recipientNonce: string | undefined;
  messageType: string | undefined;
  signer: Certificate;
  /** Whether there is an encrypted content at all. */
  hasContent: boolean;
  certificates: Certificate[];
  crl: Bytes | undefined;
};

let taken = 0;

/** One of a few RSA keys that everybody knows, in turn: making one would be most of the time of a test. */
export function pooledKey(): KeyPair {
  const pkcs8 = new Uint8Array(Buffer.from(pooledRsaKeys[taken++ % pooledRsaKeys.length] ?? "", "base64"));
  const spki = createPublicKey(toPem("PRIVATE KEY", pkcs8)).export({
    type: "spki",
    format: "der",
  });
  return { pkcs8, spki: new Uint8Array(spki) };
}

/** A key, and a certificate signed with it for the transaction. */
export async function newClient(name = "SCEP SIGNER", pair: KeyPair = pooledKey()): Promise<Client> {
  const order = { name: { CN: name }, now: Date.now(), lifetimeMs: 3_600_000 };
  const certificate = certificateOf(await issueSelfSigned(order, pair));
  return { key: pair, signer: { certificate, pkcs8: pair.pkcs8 } };
}

/** The authority that GetCACert gives. */
export async function getAuthority(): Promise<Certificate> {
  const answer = await exports.default.fetch(`${origin}/scep?operation=GetCACert`);
  if (answer.status !== 200) throw new Error(`GetCACert: ${answer.status} ${await answer.text()}`);
  return certificateOf(new Uint8Array(await answer.arrayBuffer()));
}

export async function mintChallenge(known: object = {}): Promise<string> {
  const { status, json, text } = await ask("POST", "/api/v1/enrollment/challenges", { json: known });
  if (status !== 201) throw new Error(`challenge: ${status} ${text}`);
  return json.challenge;
}

export async function csrOf(client: Client, { challenge, subject }: Asking = {}): Promise<Bytes> {
  return buildCsr({
    subject: subject ?? commonName("device"),
    ...client.key,
    ...(challenge !== undefined && { challengePassword: challenge }),
  });
}

export async function buildRequest(
  authority: Certificate,
  client: Client,
  asking: Asking = {},
): Promise<Bytes> {
  const content = asking.content ?? (await csrOf(client, asking));
  const envelope = asking.envelope ?? (await envelopeOf(authority, content, asking.cipher));
  return signRequest(client.signer, envelope, {
    ...asking,
    transactionID: asking.transactionID ?? (await transactionOf(client.key)),
  });
}

export async function envelopeOf(
  authority: Certificate,
  content: Bytes,
  cipher: BuildCipher = "AES-128-CBC",
): Promise<Bytes> {
  const envelope = await buildEnvelope(content, authority, cipher);
  if (!envelope.ok) throw new Error(envelope.refusal.detail);
  return envelope.value;
}

export const signRequest = (
  signer: Credential,
  envelope: Bytes,
  { type = "PKCSReq", transactionID = "T", senderNonce, digest = "SHA-256" }: Asking,
): Promise<Bytes> =>
  buildSignedData({
    signer,
    content: envelope,
    digest,
    attributes: [
      attribute(attributeOids.messageType, printableString(messageTypes[type])),
      attribute(attributeOids.transactionID, printableString(transactionID)),
      attribute(
        attributeOids.senderNonce,
        octetString(senderNonce ?? crypto.getRandomValues(new Uint8Array(16))),
      ),
    ],
  });

/** As Apple makes it: SHA-1 of the public key's bits. */
export const transactionOf = async ({ spki }: KeyPair): Promise<string> =>
  toHex(new Uint8Array(await crypto.subtle.digest("SHA-1", keyBits(spki)))).toUpperCase();

export const post = (
  message: BodyInit,
  type = "application/x-pki-message",
  send: (request: Request) => Response | Promise<Response> = (request) => exports.default.fetch(request),
): Promise<Response> =>
  Promise.resolve(
    send(
      new Request(`${origin}/scep?operation=PKIOperation`, {
        method: "POST",
        body: message,
        headers: { "Content-Type": type },
      }),
    ),
  );

/** The same Worker, deployed with the variable that lets it read old ciphers. */
export const whereOldCiphersAreRead = async (request: Request): Promise<Response> =>
  app.fetch(request, { ...env, SCEP_LEGACY_CIPHERS: "true" }, createExecutionContext());

/** Sends a request and reads what comes back, as the client whose certificate signed it. */
export async function exchange(authority: Certificate, client: Client, asking: Asking = {}): Promise<Reply> {
  return replyOf(await post(await buildRequest(authority, client, asking)), client);
}

export async function replyOf(answer: Response, client: Client): Promise<Reply> {
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (answer.status !== 200) throw new Error(`${answer.status}: ${new TextDecoder().decode(bytes)}`);
  return readReply(bytes, client.signer);
}

export async function readReply(bytes: Bytes, recipient: Credential): Promise<Reply> {
  const verified = await verifySignedData(bytes, { allowAbsentContent: true });
  if (!verified.ok) throw new Error(`the reply does not verify: ${JSON.stringify(verified.refusal)}`);
  const { signer, signedAttributes = new Map(), content } = verified.value;
  const text = (type: string): string | undefined => {
    const value = singleValue(signedAttributes, type);
    return value && textOf(value, type);
  };
  const nonce = singleValue(signedAttributes, attributeOids.recipientNonce);
  return {
    pkiStatus: text(attributeOids.pkiStatus),
    failInfo: text(attributeOids.failInfo),
    transactionID: text(attributeOids.transactionID),
    messageType: text(attributeOids.messageType),
    recipientNonce: nonce && toHex(octetStringOf(nonce, "recipientNonce")),
    signer,
    hasContent: content !== undefined,
    ...(content ? await openReply(content, recipient) : { certificates: [], crl: undefined }),
  };
}

async function openReply(content: Bytes, recipient: Credential) {
  const envelope = parseEnvelope(content, { allowLegacyCiphers: true });
  if (!envelope.ok) throw new Error(`reply envelope: ${envelope.refusal.reason}`);
  const opened = await openEnvelope(envelope.value, recipient);
  if (!opened.ok) throw new Error(`reply envelope: ${opened.refusal.reason}`);
  const { content: body } = readContentInfo(opened.value);
  const [crls] = body.children.filter(({ tag }) => tag === 0xa1);
  return {
    certificates: readSignedData(body).certificates,
    crl: crls?.children[0] && rawOf(crls.children[0]),
  };
}

/** Enrols with a fresh challenge: the identity, and the client that holds it. */
export async function enrol(
  known: object = {},
  client?: Client,
  subject?: Bytes,
): Promise<{ identity: Credential; client: Client; authority: Certificate }> {
  const authority = await getAuthority();
  const holder = client ?? (await newClient());
  const challenge = await mintChallenge(known);
  const reply = await exchange(authority, holder, { challenge, ...(subject && { subject }) });
  const [certificate] = reply.certificates;
  if (!certificate) throw new Error(`no certificate: ${JSON.stringify(reply.failInfo)}`);
  return { identity: { certificate, pkcs8: holder.key.pkcs8 }, client: holder, authority };
}
