import { type Context, Hono } from "hono";
import { type AccountKey, accountId, keyOfAccount, thumbprint } from "../../acme/account-key.ts";
import { fromBase64Url } from "../../acme/base64url.ts";
import { algorithms, jsonObject, parseJws, type SignedRequest, verifyJws } from "../../acme/jws.ts";
import { mintNonce, nonceEnd } from "../../acme/nonce.ts";
import { type Order, statusesOf } from "../../acme/order.ts";
import { type AcmeRefusal, acmeRefusal, problemDocument, problemStatuses } from "../../acme/problem.ts";
import {
  accountResource,
  authorizationResource,
  challengeResource,
  directoryOf,
  orderResource,
  paths,
  rootOf,
} from "../../acme/resources.ts";
import { log } from "../../base/log.ts";
import { ok, type Result } from "../../base/result.ts";
import type { Answer, Question } from "../../enrollment/acme/question.ts";
import { revokeOnce } from "../../enrollment/acme/revoke-once.ts";
import { crlReasons } from "../../pki/crl-reasons.ts";
import { masterKeys } from "../../pki/master.ts";
import { fingerprint, parseCertificate } from "../../pki/parse-certificate.ts";
import type { AppEnv } from "../app-env.ts";
import { readBody } from "../body.ts";
import { logRequestFault } from "../fault.ts";
import { publicOrigin } from "../origin.ts";
import { isOverLimit, retryAfter } from "../rate-limit.ts";

/**
 * ACME (RFC 8555) with device attestation, as Apple's client speaks it: one try a step, no second try after `badNonce`,
 * one poll of the order, and a minute for everything. So all work of a request is finished before its answer.
 *
 * Each route says how a request must be signed: with a new key, or with the account that the client was given.
 */
const largestBody = 64 * 1024;

/** The same resources for identities of devices and for each other use of certificates. */
export const acme = new Hono<AppEnv>();

const resources = new Hono<AppEnv>();

resources.get(paths.directory, (c) => finish(c, answer(directoryOf(baseOf(c)))));

resources.get(paths.newNonce, (c) => finish(c, answer(null, c.req.method === "HEAD" ? 200 : 204)));

resources.post(paths.newAccount, (c) =>
  signedBy("key", c, async ({ key, request, ask }) => {
    const wish = jsonObject(request.payload);
    if (!wish) return acmeRefusal("malformed", "the payload is not a JSON object");
    const told = await ask({ ask: "account" });
    if (!told.ok) return told;
    const isNew = told.value.told === "account" && told.value.isNew;
    if (isNew && wish.onlyReturnExisting === true)
      return acmeRefusal("accountDoesNotExist", "this key has no account");
    return ok(accountAnswer(c, key, isNew ? 201 : 200));
  }),
);

resources.post(paths.account(":account"), (c) =>
  signedBy("account", c, async ({ key, request, ask }) => {
    if (c.req.param("account") !== accountId(key))
      return acmeRefusal("unauthorized", "this is another account");
    if (request.payload.length > 0 && jsonObject(request.payload)?.status !== undefined)
      return acmeRefusal(
        "unauthorized",
        "accounts are not deactivated: they are forgotten a day after their last order",
      );
    const told = await ask({ ask: "account" });
    return told.ok ? ok(accountAnswer(c, key, 200)) : told;
  }),
);

resources.post(paths.orders(":account"), (c) =>
  signedBy("account", c, async ({ key, ask }) => {
    if (c.req.param("account") !== accountId(key))
      return acmeRefusal("unauthorized", "this is another account");
    const told = await ask({ ask: "orders" });
    const ids = told.ok && told.value.told === "orders" ? told.value.ids : [];
    return told.ok ? ok(answer({ orders: ids.map((id) => baseOf(c) + paths.order(id)) })) : told;
  }),
);

resources.post(paths.newOrder, (c) =>
  signedBy("account", c, async ({ request, ask }) =>
    withOrder(await ask({ ask: "new-order", payload: request.payload, use: useOf(c) }), (order) =>
      orderAnswer(c, order, 201),
    ),
  ),
);

resources.post(paths.order(":id"), (c) =>
  signedBy("account", c, async ({ ask }) =>
    withOrder(await ask({ ask: "order", id: idOf(c) }), (order) => orderAnswer(c, order, 200)),
  ),
);

resources.post(paths.authorization(":id"), (c) =>
  signedBy("account", c, async ({ ask }) =>
    withOrder(await ask({ ask: "order", id: idOf(c) }), (order) =>
      answer(authorizationResource(baseOf(c), order)),
    ),
  ),
);

resources.post(paths.challenge(":id"), (c) =>
  signedBy("account", c, async ({ request, ask }) =>
    withOrder(await ask({ ask: "challenge", id: idOf(c), payload: request.payload }), (order) => {
      const told = answer(challengeResource(baseOf(c), order));
      told.headers.append("Link", `<${baseOf(c)}${paths.authorization(order.id)}>;rel="up"`);
      return told;
    }),
  ),
);

resources.post(paths.finalize(":id"), (c) =>
  signedBy("account", c, async ({ request, ask }) =>
    withOrder(await ask({ ask: "finalize", id: idOf(c), payload: request.payload }), (order) =>
      orderAnswer(c, order, 200),
    ),
  ),
);

resources.post(paths.certificate(":id"), (c) =>
  signedBy("account", c, async ({ ask }) => {
    const told = await ask({ ask: "order", id: idOf(c) });
    if (!told.ok) return told;
    const order = told.value.told === "order" ? told.value.order : undefined;
    if (!order?.certificate)
      return acmeRefusal(
        "orderNotReady",
        `the order is ${order && statusesOf(order).order} and has no certificate`,
      );
    return ok(chainAnswer(order.certificate.pem));
  }),
);

resources.post(paths.revokeCert, (c) =>
  signedBy("either", c, async ({ key, request, ask }) => {
    const { certificate: text, reason = 0 } = jsonObject(request.payload) ?? {};
    const der = typeof text === "string" ? fromBase64Url(text) : undefined;
    const certificate = der && parseCertificate(der);
    if (!certificate?.ok) return acmeRefusal("malformed", "the payload has no certificate");
    const named =
      reason === 0 ? "unspecified" : Object.entries(crlReasons).find(([, number]) => number === reason)?.[0];
    if (named === undefined)
      return acmeRefusal("badRevocationReason", `${String(reason)} is not a reason for revocation`);
    const name = await fingerprint(certificate.value.der);
    if ("kid" in request.by) {
      const told = await ask({ ask: "revoke", fingerprint: name, reason: named });
      return told.ok ? ok(answer(null)) : told;
    }
    // Signed with the certified key: the nonce is taken from the account that this key would have.
    if (!(await isKeyOf(key, certificate.value.spki)))
      return acmeRefusal("unauthorized", "jwk is not the key of the certificate");
    const told = await ask({ ask: "account" });
    if (!told.ok) return told;
    return (await revokeOnce(c.env, name, named, Date.now()))
      ? ok(answer(null))
      : acmeRefusal("alreadyRevoked", "the certificate is already revoked, or this server did not issue it");
  }),
);

acme.route(rootOf(), resources);
acme.route(rootOf(":use"), resources);

acme.notFound((c) => refused(c, { type: "malformed", detail: `nothing answers at ${c.req.path}` }, 404));

acme.onError((fault, c) => {
  logRequestFault(fault, c);
  return refused(c, { type: "serverInternal", detail: "the server failed; try again" }, 503);
});

type Signed = {
  key: AccountKey;
  request: SignedRequest;
  /** Asks the account's object, which uses up the nonce. */
  ask: (what: Asking) => Promise<Result<Answer, AcmeRefusal>>;
};

type Asking = Question extends infer One
  ? One extends Question
    ? Omit<One, "nonce" | "nonceEndsAt">
    : never
  : never;

/**
 * Everything that must be true before a request is handled, in the order of RFC 8555 section 6.
 *
 * Any stranger can make a key and sign with it. So what begins something counts to the limit of the address, and so does
 * what is refused. The other steps of an order do not: a device takes about ten, and a whole school may share an address.
 */
async function signedBy(
  who: "key" | "account" | "either",
  c: Context<AppEnv>,
  act: (signed: Signed) => Promise<Result<Response, AcmeRefusal>>,
): Promise<Response> {
  const type = c.req.header("Content-Type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/jose+json")
    return refused(c, { type: "malformed", detail: "the content type must be application/jose+json" }, 415);
  const begins = who !== "account" || c.req.path === rootOf(useOf(c)) + paths.newOrder;
  if (begins && (await isOverLimit(c.env.ENROLL_LIMIT, c))) return tooMany(c);
  const body = await readBody(c.req.raw, largestBody);
  if (!body.ok) return refused(c, { type: "malformed", detail: `more than ${largestBody} bytes` }, 413);
  const parsed = parseJws(body.value);
  const checked = parsed.ok ? await checkSigned(who, c, parsed.value) : parsed;
  if (!checked.ok)
    return !begins && (await isOverLimit(c.env.ENROLL_LIMIT, c)) ? tooMany(c) : refused(c, checked.refusal);
  const done = await act(checked.value);
  return done.ok ? finish(c, done.value) : refused(c, done.refusal);
}

async function checkSigned(
  who: "key" | "account" | "either",
  c: Context<AppEnv>,
  request: SignedRequest,
): Promise<Result<Signed, AcmeRefusal>> {
  const { by, nonce, url } = request;
  if (who !== "either" && who !== ("jwk" in by ? "key" : "account"))
    return acmeRefusal("malformed", `this is signed with ${who === "key" ? "jwk" : "kid"}`);
  if (url !== publicOrigin(c) + c.req.path)
    return acmeRefusal("unauthorized", "url is not the address of this request");
  const key = "jwk" in by ? by.jwk : keyNamedBy(by.kid, baseOf(c));
  if (!key) return acmeRefusal("accountDoesNotExist", "kid is not the address of an account");
  const endsAt = await nonceEnd(await masterKeys(c.env), nonce, Date.now());
  if (endsAt === undefined)
    return acmeRefusal("badNonce", "the nonce is not from this server, or is too old");
  const verified = await verifyJws(request, key);
  if (!verified.ok) return verified;
  const object = c.env.ACME.getByName(accountName(await thumbprint(key), useOf(c)));
  const ask: Signed["ask"] = async (what) =>
    object.answer({ ...what, nonce, nonceEndsAt: endsAt } as Question) as Promise<
      Result<Answer, AcmeRefusal>
    >;
  return ok({ key, request, ask });
}

function keyNamedBy(kid: string, base: string): AccountKey | undefined {
  const start = base + paths.account("");
  return kid.startsWith(start) ? keyOfAccount(kid.slice(start.length)) : undefined;
}

async function isKeyOf(key: AccountKey, spki: Uint8Array): Promise<boolean> {
  const algorithm =
    key.kty === "EC"
      ? { name: "ECDSA", namedCurve: key.crv }
      : { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("jwk", { ...key }, algorithm, true, ["verify"]);
  const exported = await crypto.subtle.exportKey("spki", imported);
  return Buffer.compare(new Uint8Array(exported as ArrayBuffer), spki) === 0;
}

const withOrder = (
  told: Result<Answer, AcmeRefusal>,
  make: (order: Order) => Response,
): Result<Response, AcmeRefusal> => {
  if (!told.ok) return told;
  if (told.value.told !== "order")
    throw new Error("an account's object answered something that was not asked");
  return ok(make(told.value.order));
};

function accountAnswer(c: Context<AppEnv>, key: AccountKey, status: 200 | 201): Response {
  const base = baseOf(c);
  const id = accountId(key);
  const told = answer(accountResource(base, id), status);
  told.headers.set("Location", base + paths.account(id));
  return told;
}

function orderAnswer(c: Context<AppEnv>, order: Order, status: 200 | 201): Response {
  const base = baseOf(c);
  const told = answer(orderResource(base, order), status);
  told.headers.set("Location", base + paths.order(order.id));
  return told;
}

const answer = (value: object | null, status = 200): Response =>
  new Response(value && JSON.stringify(value), {
    status,
    headers: value ? { "Content-Type": "application/json" } : {},
  });

/** undefined: identities of devices. */
const useOf = (c: Context<AppEnv>): string | undefined => c.req.param("use");

/** The address of its directory without its last part. */
const baseOf = (c: Context<AppEnv>): string => publicOrigin(c) + rootOf(useOf(c));

/** A key has an account of its own at each directory. */
const accountName = (print: string, use: string | undefined): string =>
  use === undefined ? print : `${use} ${print}`;

const idOf = (c: Context<AppEnv>): string => c.req.param("id") ?? "";

const chainAnswer = (pem: string): Response =>
  new Response(pem, { headers: { "Content-Type": "application/pem-certificate-chain" } });

/** Every answer has a fresh nonce, so that a refused client may go on. */
async function finish(c: Context<AppEnv>, response: Response): Promise<Response> {
  response.headers.set("Replay-Nonce", await mintNonce(await masterKeys(c.env), Date.now()));
  response.headers.set("Cache-Control", "no-store");
  response.headers.append("Link", `<${baseOf(c)}${paths.directory}>;rel="index"`);
  return response;
}

async function tooMany(c: Context<AppEnv>): Promise<Response> {
  const answered = await refused(c, {
    type: "rateLimited",
    detail: "too many requests from this address: wait a minute",
  });
  answered.headers.set("Retry-After", retryAfter["Retry-After"]);
  return answered;
}

function refused(c: Context<AppEnv>, refusal: AcmeRefusal, status?: number): Promise<Response> {
  log({ event: "acme.refused", type: refusal.type, detail: refusal.detail });
  const document = {
    ...problemDocument(refusal),
    ...(status !== undefined && { status }),
    ...(refusal.type === "badSignatureAlgorithm" && { algorithms }),
  };
  const response = new Response(JSON.stringify(document), {
    status: status ?? problemStatuses[refusal.type],
    headers: { "Content-Type": "application/problem+json" },
  });
  return finish(c, response);
}
