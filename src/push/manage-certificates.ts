import { toBase64 } from "../base/bytes.ts";
import { log } from "../base/log.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { openDb } from "../db/open.ts";
import {
  countListeners,
  countOtherListeners,
  deletePushCertificate,
  findPushCertificate,
  insertPushCertificate,
  listPushCertificates,
  type PushCertificateRow,
  putInUse,
} from "../db/push-certificates.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import { announceServerEvent } from "../events/announce.ts";
import { masterKeys } from "../pki/master.ts";
import { fingerprint } from "../pki/parse-certificate.ts";
import { openText, sealText } from "../pki/seal.ts";
import { pushKeyContext } from "../pki/seal-contexts.ts";
import { keptKey, requestAnswered } from "./manage-requests.ts";
import type { ReadCertificate } from "./read-certificate.ts";
import type { KeptKey } from "./read-credential.ts";

/**
 * Adding, going back to and removing push certificates. Each topic has one in use; earlier ones stay.
 *
 * The surprise: a device keeps its topic for life. A certificate with another topic is not a renewal: every enrolled
 * device would have to enroll again. So it is accepted only if the caller gives the number of these devices.
 */
export type Added = { row: PushCertificateRow; added: boolean };

export type TopicRefusal = { reason: "other-topic"; topic: string; inUse: string[]; devices: number };

/** `acceptOrphaned` is the number of devices with other topics that the caller accepts to lose. */
export async function addCertificate(
  env: Env,
  { certificate, chain, pkcs8, topic }: ReadCertificate,
  given: { account: string | null; acceptOrphaned: number | undefined },
  now: number,
): Promise<Result<Added, TopicRefusal>> {
  const db = openDb(env.DB);
  const inUse = (await listPushCertificates(db)).filter((row) => row.inUse).map((row) => row.topic);
  const devices = inUse.includes(topic) ? 0 : await countOtherListeners(db, topic);
  if (devices > 0 && devices !== given.acceptOrphaned)
    return refuse({ reason: "other-topic", topic, inUse, devices });
  const name = await fingerprint(certificate.der);
  const id = name.slice(0, 16);
  const added = await insertPushCertificate(db, {
    id,
    fingerprint: name,
    topic,
    certificate: toBase64(certificate.der),
    chain: chain.map(({ der }) => toBase64(der)),
    sealedKey: await sealText(await sealingKeys(env), pushKeyContext(id), pkcs8),
    serial: certificate.serial,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    account: given.account,
    createdAt: now,
  });
  await use(env, { id, topic }, now);
  await requestAnswered(env, certificate);
  return ok({ row: await standing(env, id), added });
}

/** The key of a certificate that is uploaded without one: from its request, or from an earlier upload of it. */
export const keyKnownHere =
  (env: Env): KeptKey =>
  async (certificate) => {
    const kept = await keptKey(env, certificate);
    if (kept !== undefined) return kept;
    const id = (await fingerprint(certificate.der)).slice(0, 16);
    const row = await findPushCertificate(openDb(env.DB), id);
    const key = row && (await openText(await masterKeys(env), pushKeyContext(id), row.sealedKey));
    return key?.ok ? key.value : undefined;
  };

/** From now on pushes are sent with this one, to go back to one that was replaced. */
export async function useCertificate(
  env: Env,
  id: string,
  now: number,
): Promise<Result<PushCertificateRow, { reason: "unknown" } | { reason: "expired"; notAfter: number }>> {
  const row = await findPushCertificate(openDb(env.DB), id);
  if (row === undefined) return refuse({ reason: "unknown" });
  if (row.notAfter <= now) return refuse({ reason: "expired", notAfter: row.notAfter });
  await use(env, row, now);
  return ok(await standing(env, id));
}

export type RemovalRefusal = { reason: "unknown" } | { reason: "in-use"; topic: string; devices: number };

/** `acceptOrphaned` is the number of devices without pushes that the caller accepts. */
export async function removeCertificate(
  env: Env,
  id: string,
  acceptOrphaned: number | undefined,
): Promise<Result<undefined, RemovalRefusal>> {
  const db = openDb(env.DB);
  const row = await findPushCertificate(db, id);
  if (row === undefined) return refuse({ reason: "unknown" });
  const devices = row.inUse ? await countListeners(db, row.topic) : 0;
  if (devices > 0 && devices !== acceptOrphaned) {
    return refuse({ reason: "in-use", topic: row.topic, devices });
  }
  await deletePushCertificate(db, id);
  if (row.inUse) await env.PUSH.getByName(row.topic).certificateChanged();
  return ok(undefined);
}

/** Takes effect at once and everywhere, because the one object that pushes to the topic is notified. */
async function use(env: Env, { id, topic }: { id: string; topic: string }, now: number): Promise<void> {
  const db = openDb(env.DB);
  await putInUse(db, { id, topic });
  await env.PUSH.getByName(topic).certificateChanged();
  await announceServerEvent(env, { name: "push.certificate_in_use", detail: { topic, id } }, now);
  log({ event: "push.certificate_in_use", topic, id });
}

async function standing(env: Env, id: string): Promise<PushCertificateRow> {
  const row = await findPushCertificate(openDb(env.DB), id);
  if (row === undefined) throw new Error(`push certificate ${id} was put in use but does not exist`);
  return row;
}
