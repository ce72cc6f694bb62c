import type { Unlock } from "../ade/unlock.ts";
import { appleRoots } from "../apns/apple-root.ts";
import type { HttpAnswer } from "../apns/http1/answer.ts";
import type { AskRefusal } from "../apns/http1/ask.ts";
import { askServer } from "../apns/http1/client.ts";
import { pushRoots } from "../apns/roots.ts";
import { handshakeSigner } from "../apns/tls/signature-schemes.ts";
import { fromBase64 } from "../base/bytes.ts";
import { log } from "../base/log.ts";
import { type Result, refuse } from "../base/result.ts";
import { openDb } from "../db/open.ts";
import { findInUse } from "../db/push-certificates.ts";
import type { Configuration } from "../env.ts";
import { masterKeys } from "../pki/master.ts";
import { openText } from "../pki/seal.ts";
import { pushKeyContext } from "../pki/seal-contexts.ts";

/** Asks Apple's activation service in the name of the push certificate of a topic: the service knows an organization by it. */
export async function unlockActivation(
  env: Env,
  { service, topic, unlock }: { service: Configuration["unlock"]; topic: string; unlock: Unlock },
  now: number,
): Promise<Result<HttpAnswer, AskRefusal | { reason: "no-certificate"; detail: string }>> {
  const row = await findInUse(openDb(env.DB), topic);
  if (row === undefined)
    return refuse({ reason: "no-certificate", detail: `no push certificate of topic ${topic} is stored` });
  const key = await openText(await masterKeys(env), pushKeyContext(row.id), row.sealedKey);
  if (!key.ok) throw new Error(`cannot open the key of push certificate ${row.id}: ${key.refusal.detail}`);
  const url = new URL(service.url);
  url.search = unlock.query;
  const answer = await askServer({
    url,
    body: { type: "application/x-www-form-urlencoded", bytes: unlock.form },
    accept: "*/*",
    // Apple moves services between its own root and the one that its push servers have.
    roots: [...appleRoots(), ...pushRoots(service.roots)],
    client: {
      certificates: [row.certificate, ...row.chain].map((der) => fromBase64(der) ?? new Uint8Array()),
      signer: handshakeSigner(key.value),
    },
    now,
  });
  const outcome = answer.ok ? String(answer.value.status) : answer.refusal.reason;
  log({ event: "activation_lock.unlock_asked", serial_number: unlock.serial, outcome });
  return answer;
}
