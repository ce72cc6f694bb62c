import type { Bytes } from "../base/bytes.ts";
import { log } from "../base/log.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import type { Credential } from "../pki/certificate.ts";
import type { Envelope } from "../pki/cms/envelope.ts";
import { readAsked, readEnvelope, recipientOf, replyCipher } from "../scep/envelope.ts";
import { buildFailure, buildSuccess, type Granted, type ReplyTo } from "../scep/reply.ts";
import { type MessageRefusal, readRequest, type ScepRequest } from "../scep/request.ts";
import type { FailInfo } from "../scep/vocabulary.ts";
import { type Authority, credentialOf, issuingAuthority, loadAuthorities } from "./authority.ts";
import { findAsked } from "./find-asked.ts";
import { grantIdentity, type ScepContext } from "./grant-identity.ts";

/**
 * One PKIOperation, from bytes to bytes: reads the message, opens it with the key of the authority it names, decides and
 * answers. A refusal is also a CertRep, except if the body is not a signed message.
 *
 * The log gets the reason; the client gets one of four codes.
 */
export type AnswerRefusal = { reason: "not-cms"; detail: string } | { reason: "no-authority" };

type Failure = { failInfo: FailInfo; detail: string };

export async function answerPkiOperation(
  context: ScepContext,
  message: Bytes,
): Promise<Result<Bytes, AnswerRefusal>> {
  const { env, now } = context;
  const keyed = (await loadAuthorities(env, now)).filter(({ sealedKey }) => sealedKey !== null);
  const issuing = issuingAuthority(keyed);
  if (!issuing) return refuse({ reason: "no-authority" });
  // No challenge is used up if the enrollment could not be stored.
  await sealingKeys(env);
  const request = await readRequest(message);
  if (!request.ok) return refusedMessage(env, issuing, request.refusal);

  const { type, transactionID, senderNonce, digest, envelope: closed, signer } = request.value;
  const to: ReplyTo = { echo: { transactionID, senderNonce }, digest };
  const envelope = readEnvelope(closed, context.legacyCiphers);
  if (!envelope.ok) return ok(await failed(await credentialOf(env, issuing), to, envelope.refusal, type));
  const authority = recipientOf(envelope.value, keyed) ?? issuing;
  const credential = await credentialOf(env, authority);
  const granted = await grant(context, request.value, envelope.value, authority, credential);
  if (!granted.ok) return ok(await failed(credential, to, granted.refusal, type));
  const cipher = replyCipher(envelope.value);
  return ok(await buildSuccess(credential, { ...to, requester: signer, cipher }, granted.value));
}

async function grant(
  context: ScepContext,
  request: ScepRequest,
  envelope: Envelope,
  authority: Authority,
  credential: Credential,
): Promise<Result<Granted, Failure>> {
  const asked = await readAsked(request.type, envelope, credential);
  if (!asked.ok) return asked;
  return "csr" in asked.value
    ? grantIdentity(context, { request, authority, csr: asked.value.csr })
    : findAsked(context, { request, authority, asked: asked.value });
}

async function refusedMessage(
  env: Env,
  issuing: Authority,
  refusal: MessageRefusal,
): Promise<Result<Bytes, AnswerRefusal>> {
  if (refusal.reason === "not-cms") return refuse(refusal);
  const to: ReplyTo = { echo: refusal.echo, digest: "SHA-256" };
  return ok(await failed(await credentialOf(env, issuing), to, refusal, undefined));
}

async function failed(
  credential: Credential,
  to: ReplyTo,
  { failInfo, detail }: Failure,
  type: ScepRequest["type"] | undefined,
): Promise<Bytes> {
  const transaction_id = to.echo.transactionID;
  log({ event: "scep-refused", message_type: type, fail_info: failInfo, detail, transaction_id });
  return buildFailure(credential, to, failInfo);
}
