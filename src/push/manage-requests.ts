import { buildPushCsr, type RequestSubject } from "../apns/certificate-request.ts";
import { exchangeName, type MailRefusal, openMail, signRequestBody } from "../apns/mdmcert-download.ts";
import { type Bytes, fromBase64, sha256, toBase64, toHex } from "../base/bytes.ts";
import { type Result, refuse } from "../base/result.ts";
import { day } from "../base/time.ts";
import { openDb } from "../db/open.ts";
import {
  deletePushRequest,
  findPushRequest,
  insertPushRequest,
  type PushRequestRow,
  setExchange,
} from "../db/push-requests.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import type { Certificate, Credential } from "../pki/certificate.ts";
import { masterKeys } from "../pki/master.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import { openText, sealText } from "../pki/seal.ts";
import { pushExchangeKeyContext, pushRequestKeyContext } from "../pki/seal-contexts.ts";
import { askMdmcert } from "./mdmcert-client.ts";

/**
 * Requests for push certificates. The server makes the key and stores it sealed until its certificate is uploaded, so
 * nobody has to move it.
 *
 * The surprise: the public key identifies a request, so the key of an uploaded certificate is found automatically.
 */
const exchangeLifetimeMs = 365 * day;

export const derIn = (base64: string): Bytes => {
  const der = fromBase64(base64);
  if (der === undefined) throw new Error("a stored push request is not base64");
  return der;
};

/** The id of a request, from its public key. */
const requestId = async (spki: Bytes): Promise<string> => toHex(await sha256(spki)).slice(0, 16);

export async function makeRequest(env: Env, subject: RequestSubject, now: number): Promise<PushRequestRow> {
  // An object has more time to compute than a request.
  const keys = await env.REGISTRAR.getByName("registrar").generateKey();
  const csr = await buildPushCsr(keys, subject);
  const id = await requestId(keys.spki);
  const row = {
    id,
    account: subject.email,
    csr: toBase64(csr),
    sealedKey: await sealText(await sealingKeys(env), pushRequestKeyContext(id), keys.pkcs8),
    exchangeCertificate: null,
    exchangeKeySealed: null,
    createdAt: now,
  };
  await insertPushRequest(openDb(env.DB), row);
  return row;
}

/** The key of a certificate's request; undefined: it was not made here, or was already answered. */
export async function keptKey(env: Env, { spki }: Certificate): Promise<Bytes | undefined> {
  const request = await findPushRequest(openDb(env.DB), await requestId(spki));
  return request && opened(env, pushRequestKeyContext(request.id), request.sealedKey);
}

/** Its certificate is stored with its key. */
export async function requestAnswered(env: Env, { spki }: Certificate): Promise<void> {
  await deletePushRequest(openDb(env.DB), await requestId(spki));
}

/** Asks mdmcert.download to sign the request; its answer comes by mail. */
export async function sendToMdmcert(
  env: Env,
  request: PushRequestRow,
  { email, apiKey }: { email: string; apiKey: string },
  now: number,
): Promise<Result<undefined, { detail: string }>> {
  const exchangeCertificate =
    request.exchangeCertificate === null
      ? await makeExchange(env, request.id, now)
      : derIn(request.exchangeCertificate);
  return askMdmcert(signRequestBody({ csr: derIn(request.csr), exchangeCertificate, email, apiKey }));
}

/** Converts the attachment of the mail to the file for Apple's portal. */
export async function openMdmcertMail(
  env: Env,
  { id, csr, exchangeCertificate, exchangeKeySealed }: PushRequestRow,
  mail: string,
): Promise<Result<string, MailRefusal | { reason: "not-sent" }>> {
  if (exchangeCertificate === null || exchangeKeySealed === null) return refuse({ reason: "not-sent" });
  const certificate = parseCertificate(derIn(exchangeCertificate));
  if (!certificate.ok) throw new Error(`the exchange certificate of push request ${id} cannot be read`);
  const pkcs8 = await opened(env, pushExchangeKeyContext(id), exchangeKeySealed);
  const credential: Credential = { certificate: certificate.value, pkcs8 };
  return openMail(mail, credential, derIn(csr));
}

/** A key only for the answer: the push key itself is never sent and decrypts nothing. */
async function makeExchange(env: Env, id: string, now: number): Promise<Bytes> {
  const keys = await env.REGISTRAR.getByName("registrar").generateKey();
  const { issueSelfSigned } = await import("../pki/libraries/issue.ts");
  const order = { name: { CN: exchangeName }, now, lifetimeMs: exchangeLifetimeMs };
  const der = await issueSelfSigned(order, keys);
  await setExchange(openDb(env.DB), id, {
    exchangeCertificate: toBase64(der),
    exchangeKeySealed: await sealText(await sealingKeys(env), pushExchangeKeyContext(id), keys.pkcs8),
  });
  return der;
}

async function opened(env: Env, context: Parameters<typeof openText>[1], sealed: string): Promise<Bytes> {
  const key = await openText(await masterKeys(env), context, sealed);
  if (!key.ok) throw new Error(`cannot open a ${context.what}: ${key.refusal.detail}`);
  return key.value;
}
