import { attestationRoots } from "../../acme/attestation.ts";
import { readCertificateRequest } from "../../acme/certificate-request.ts";
import { readChallengeResponse } from "../../acme/challenge-response.ts";
import { jsonObject } from "../../acme/jws.ts";
import { advance, asOf, newOrder, type Order, type OrderEvent, statusesOf } from "../../acme/order.ts";
import { acmeRefusal } from "../../acme/problem.ts";
import { identifierType } from "../../acme/resources.ts";
import { type Bytes, fromUtf8, toBase64Url, utf8 } from "../../base/bytes.ts";
import { log } from "../../base/log.ts";
import { ok } from "../../base/result.ts";
import { day, hour } from "../../base/time.ts";
import { openDb } from "../../db/open.ts";
import { sealingKeys } from "../../db/sealing-keys.ts";
import { masterKeys } from "../../pki/master.ts";
import { openOwn, seal } from "../../pki/seal.ts";
import { readClientIdentifier } from "../challenges.ts";
import { issueFor } from "./issue.ts";
import { judge } from "./judge.ts";
import { promisedBy } from "./promise.ts";
import type { Answer, Answered, Question } from "./question.ts";
import { revokeOnce } from "./revoke-once.ts";
import type { AccountStore, KeptOrder } from "./store.ts";

/**
 * The answers of an account's object after the nonce is used. Everything that awaits (sealing, signatures, D1) comes
 * before the part that reads the order again, decides and writes.
 */
export type Account = {
  env: Env;
  name: string;
  storage: DurableObjectStorage;
  store: AccountStore;
  /** The used nonces, which are stored with the first order. */
  usedNonces: ReadonlyMap<string, number>;
  now: number;
};

const orderLifetimeMs = hour;
/** At this time the account is deleted; its key can register again. */
const keptMs = day;
const mostOrders = 50;

export async function answerQuestion(account: Account, question: Question): Promise<Answered> {
  const { store } = account;
  switch (question.ask) {
    case "account":
      return ok({ told: "account", isNew: !store.isThere() });
    case "new-order":
      return orderNew(account, question.payload, question.use);
    case "orders":
      return ok({ told: "orders", ids: store.isThere() ? store.orderIds() : [] });
    case "order":
      return withOrder(account, question.id, async (_, order) => ok(told(order)));
    case "challenge":
      return withOrder(account, question.id, (kept, order) =>
        respond(account, kept, order, question.payload),
      );
    case "finalize":
      return withOrder(account, question.id, (kept, order) =>
        finalize(account, kept, order, question.payload),
      );
    case "revoke":
      return revoke(account, question.fingerprint, question.reason);
  }
}

async function orderNew(
  { env, name, storage, store, usedNonces, now }: Account,
  payload: Bytes,
  use: string | undefined,
): Promise<Answered> {
  const identifiers = jsonObject(payload)?.identifiers;
  if (!Array.isArray(identifiers) || identifiers.length !== 1)
    return acmeRefusal("malformed", "an order must have exactly one identifier");
  const { type, value } = (identifiers[0] ?? {}) as Record<string, unknown>;
  if (type !== identifierType)
    return acmeRefusal("unsupportedIdentifier", `the only known type of identifier is ${identifierType}`);
  const row = typeof value === "string" ? await readClientIdentifier(openDb(env.DB), value, now) : undefined;
  if (typeof value !== "string" || !row || row.enrollment?.use?.name !== use)
    return acmeRefusal("rejectedIdentifier", "the identifier is unknown, has expired, or was used");
  const order = newOrder(randomText(16), value, randomText(32), now, orderLifetimeMs);
  const { identifier: _, ...kept } = order;
  const sealedIdentifier = await seal(await sealingKeys(env), contextOf(name, order.id), utf8(value));
  if (store.isThere() && store.orderIds().length >= mostOrders)
    return acmeRefusal("rateLimited", `this account has ${mostOrders} orders`);
  // Written together with the order, so that none is missing.
  const armed = storage.setAlarm(now + keptMs);
  storage.transactionSync(() => {
    store.create();
    for (const [nonce, endsAt] of usedNonces) store.addNonce(nonce, endsAt);
    store.dropNonces(now);
    store.putOrder({ order: kept, promised: promisedBy(row), sealedIdentifier });
  });
  await armed;
  return ok(told(order));
}

async function withOrder(
  { env, name, store, now }: Account,
  id: string,
  act: (kept: KeptOrder, order: Order) => Promise<Answered>,
): Promise<Answered> {
  const kept = store.isThere() ? store.order(id) : undefined;
  if (!kept) return noSuchOrder();
  const sealed = await openOwn(await masterKeys(env), contextOf(name, id), kept.sealedIdentifier);
  return act(kept, asOf({ ...kept.order, identifier: fromUtf8(sealed) }, now));
}

async function respond(account: Account, kept: KeptOrder, order: Order, payload: Bytes): Promise<Answered> {
  // Without a payload, or for a repeated request, the answer is the present challenge.
  if (payload.length === 0 || order.state !== "waiting") return ok(told(order));
  const response = readChallengeResponse(payload);
  if (!response.ok) return response;
  const roots = attestationRoots(account.env.ATTESTATION_ROOTS);
  const event = await judge(response.value, order, kept.promised, roots, account.now);
  if (event.name === "failed") log({ event: "acme.attestation_refused", detail: event.refusal.detail });
  return become(account, order, event);
}

async function finalize(
  account: Account,
  { promised }: KeptOrder,
  order: Order,
  payload: Bytes,
): Promise<Answered> {
  if (order.state !== "proven")
    return acmeRefusal("orderNotReady", `the order is ${statusesOf(order).order}, not ready`);
  const request = await readCertificateRequest(payload, order.key);
  if (!request.ok) return request;
  const issued = await issueFor(account.env, { order, promised }, request.value, account.now);
  return issued.ok ? become(account, order, { name: "issued", certificate: issued.value }) : issued;
}

/** Another request may have changed the order during an await: the table decides by the stored state. */
function become({ storage, store, now }: Account, { id, identifier }: Order, event: OrderEvent): Answered {
  return storage.transactionSync((): Answered => {
    const kept = store.order(id);
    if (!kept) return noSuchOrder();
    const present = { ...kept.order, identifier };
    const advanced = advance(present, event, now);
    if (!advanced.ok) return ok(told(asOf(present, now)));
    const { identifier: _, ...order } = advanced.value;
    store.putOrder({ ...kept, order });
    return ok(told(advanced.value));
  });
}

async function revoke({ env, store, now }: Account, fingerprint: string, reason: string): Promise<Answered> {
  const ids = store.isThere() ? store.orderIds() : [];
  const isOurs = ids.some((id) => store.order(id)?.order.certificate?.fingerprint === fingerprint);
  if (!isOurs) return acmeRefusal("unauthorized", "this account did not order this certificate");
  return (await revokeOnce(env, fingerprint, reason, now))
    ? ok({ told: "revoked" })
    : acmeRefusal("alreadyRevoked", "the certificate is already revoked");
}

const noSuchOrder = () => acmeRefusal("unauthorized", "this account has no such order");

const told = (order: Order): Answer => ({ told: "order", order });

const contextOf = (account: string, orderId: string) => ({ what: "acme-order", whose: [account, orderId] });

const randomText = (bytes: number): string => toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)));
