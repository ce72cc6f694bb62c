/**
 * Apple's ACME client: one try a step, sorted JSON, a new account for each attempt, no second try after `badNonce`, no
 * polling but a rest of five seconds, and a minute for all of it. Problem documents it never reads; what a test wants to
 * know of them is in `AcmeFailure`.
 */
import { createHash, webcrypto } from "node:crypto";
import { type AttestedDevice, attest, attestationObject } from "./attester.ts";
import { certificateRequest, type Identity, type NameInput } from "./certificate.ts";
import { type Bytes, fromBase64 } from "./der.ts";
import { type Key, newKey } from "./keys.ts";
import type { Transport } from "./line.ts";

/** What an ACME payload says. */
export type AcmeParameters = {
  directoryUrl: string;
  clientIdentifier: string;
  keyType: "RSA" | "ECSECPrimeRandom";
  keySize: number;
  hardwareBound: boolean;
  attest: boolean;
  subject: NameInput;
  usageFlags: number;
};

/** An attested identity with a key in the Secure Enclave. */
export const attestedIdentity = {
  keyType: "ECSECPrimeRandom",
  keySize: 384,
  hardwareBound: true,
  attest: true,
  subject: [[["CN", "Device identity"]]],
  usageFlags: 1,
} as const satisfies Omit<AcmeParameters, "directoryUrl" | "clientIdentifier">;

export const steps = [
  "directory",
  "newNonce",
  "newAccount",
  "newOrder",
  "authorization",
  "challenge",
  "finalize",
  "order",
  "certificate",
] as const;
export type Step = (typeof steps)[number];

export class AcmeFailure extends Error {
  override readonly name = "AcmeFailure";
  readonly step: Step;
  readonly status: number;
  /** The last part of the problem's type; a device does not look. */
  readonly problem: string | undefined;
  readonly detail: string;

  constructor(step: Step, status: number, document: Record<string, unknown> | undefined, detail: string) {
    const type = typeof document?.type === "string" ? document.type.split(":").at(-1) : undefined;
    super(`${step}: ${status} ${type ?? ""} ${detail}`);
    Object.assign(this, { step, status, problem: type, detail });
    this.step = step;
    this.status = status;
    this.problem = type;
    this.detail = detail;
  }
}

/** How a test spoils one step: what is sent in place of what would be. */
export type Spoil = {
  header?: (header: Record<string, unknown>) => Record<string, unknown>;
  payload?: (payload: Uint8Array) => Uint8Array;
  jws?: (jws: { protected: string; payload: string; signature: string }) => unknown;
  signature?: (signature: Uint8Array) => Uint8Array;
  url?: (url: string) => string;
  contentType?: string;
};

export type AcmeDevice = {
  transport: Transport;
  now: () => number;
  pause?: (ms: number) => Promise<void>;
  hardware: AttestedDevice;
  /** No Secure Enclave: a payload that asks for a hardware-bound key is refused on the device. */
  hasSecureEnclave?: boolean;
  /** Older chips go on without an attestation, and say nothing of it. */
  canAttest?: boolean;
  /** Apple's servers cannot be reached. */
  attestationFails?: boolean;
  spoil?: Partial<Record<Step, Spoil>>;
  /** In place of the chain that Apple would give. */
  attestWith?: (asked: {
    spki: Bytes;
    freshness: Uint8Array;
    token: string;
  }) => Promise<readonly Uint8Array[]>;
  /** The key that goes into the request, where it is not the attested one. */
  csrKey?: (attested: Key) => Promise<Key>;
  key?: Key;
};

const flowLimitMs = 60_000;
const url64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString("base64url");
/** Apple's serializer sorts keys. */
const sortedJson = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );

/** One account with what it needs to sign: its key, and the nonce of the last answer. */
export class AcmeClient {
  readonly device: AcmeDevice;
  nonce: string | undefined;
  account: string | undefined;
  readonly #key: webcrypto.CryptoKeyPair;
  readonly jwk: { crv: string; kty: string; x: string; y: string };

  private constructor(device: AcmeDevice, key: webcrypto.CryptoKeyPair, jwk: AcmeClient["jwk"]) {
    this.device = device;
    this.#key = key;
    this.jwk = jwk;
  }

  static async start(device: AcmeDevice): Promise<AcmeClient> {
    const { subtle } = webcrypto;
    const curve = { name: "ECDSA", namedCurve: "P-256" };
    const key = await subtle.generateKey(curve, true, ["sign", "verify"]);
    const { crv = "", kty = "", x = "", y = "" } = await subtle.exportKey("jwk", key.publicKey);
    return new AcmeClient(device, key, { crv, kty, x, y });
  }

  async get(step: Step, url: string, method: "GET" | "HEAD" = "GET"): Promise<AcmeReply> {
    const headers = { "content-type": "application/json" };
    return this.#reply(step, await this.device.transport(new Request(url, { method, headers })));
  }

  /** undefined: a POST-as-GET. */
  async post(step: Step, url: string, body: object | undefined): Promise<AcmeReply> {
    const spoil = this.device.spoil?.[step] ?? {};
    const plain = body === undefined ? "" : sortedJson(body);
    const payload = spoil.payload?.(Buffer.from(plain)) ?? Buffer.from(plain);
    const header = {
      alg: "ES256",
      nonce: this.nonce,
      url,
      ...(this.account === undefined ? { jwk: this.jwk } : { kid: this.account }),
    };
    const head = url64(sortedJson(spoil.header?.(header) ?? header));
    const signed = `${head}.${url64(payload)}`;
    const algorithm = { name: "ECDSA", hash: "SHA-256" };
    const raw = new Uint8Array(
      await webcrypto.subtle.sign(algorithm, this.#key.privateKey, Buffer.from(signed)),
    );
    const signature = url64(spoil.signature?.(raw) ?? raw);
    const jws = { protected: head, payload: url64(payload), signature };
    const request = new Request(spoil.url?.(url) ?? url, {
      method: "POST",
      headers: {
        "content-type": spoil.contentType ?? "application/jose+json",
        "user-agent": "AcmeService/1",
      },
      body: sortedJson(spoil.jws?.(jws) ?? jws),
    });
    return this.#reply(step, await this.device.transport(request));
  }

  async #reply(step: Step, response: Response): Promise<AcmeReply> {
    this.nonce = response.headers.get("replay-nonce") ?? undefined;
    const text = Buffer.from(await response.arrayBuffer()).toString("utf8");
    const json = /[/+]json/.test(response.headers.get("content-type") ?? "")
      ? JSON.parse(text || "{}")
      : undefined;
    const location = response.headers.get("location") ?? undefined;
    const isTaken =
      response.status === 200 ||
      (response.status === 201 && location) ||
      (response.status === 204 && this.nonce);
    if (!isTaken) throw new AcmeFailure(step, response.status, json, String(json?.detail ?? text));
    return { status: response.status, headers: response.headers, location, json: json ?? {}, text };
  }
}

export type AcmeReply = {
  status: number;
  headers: Headers;
  location: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: what a client looks into is what the RFC says it is
  json: any;
  text: string;
};

/** The whole flow; the account and its order are there for a test that wants to go on. */
export type AcmeEnrolled = {
  identity: Identity;
  client: AcmeClient;
  orderUrl: string;
  certificates: Bytes[];
  links: { authorization: string; challenge: string; finalize: string; certificate: string };
};

export async function enrolByAcme(parameters: AcmeParameters, device: AcmeDevice): Promise<AcmeEnrolled> {
  const { directoryUrl, clientIdentifier, keyType, keySize, hardwareBound } = parameters;
  if (hardwareBound && device.hasSecureEnclave === false)
    throw new Error("MCACMEErrorDomain 60001: a hardware-bound key without a Secure Enclave");
  if (hardwareBound && (keyType !== "ECSECPrimeRandom" || (keySize !== 256 && keySize !== 384)))
    throw new Error("MCACMEErrorDomain 60000: a hardware-bound key is on P-256 or P-384");
  const started = device.now();
  const key =
    device.key ?? (await newKey(keyType === "RSA" ? "RSA-2048" : keySize === 384 ? "P-384" : "P-256"));
  const requested = (await device.csrKey?.(key)) ?? key;
  const csr = certificateRequest({
    key: requested,
    version: 0,
    digest: "SHA-256",
    subject: parameters.subject,
    challenge: undefined,
    keyUsage: parameters.usageFlags,
    names: {},
  });
  const client = await AcmeClient.start(device);

  const { json: directory } = await client.get("directory", directoryUrl);
  for (const name of ["newAccount", "newNonce", "newOrder"])
    if (typeof directory[name] !== "string") throw new Error(`the directory has no ${name}`);
  await client.get("newNonce", directory.newNonce, "HEAD");
  if (!client.nonce) throw new Error("newNonce gave no nonce");

  const account = await client.post("newAccount", directory.newAccount, { termsOfServiceAgreed: true });
  if (account.json.status !== "valid" || account.json.orders === undefined || !account.location)
    throw new Error("the account is not one that this client takes");
  client.account = account.location;

  const identifier = { type: "permanent-identifier", value: clientIdentifier };
  const order = await client.post("newOrder", directory.newOrder, { identifiers: [identifier] });
  if (order.json.status !== "pending" || order.json.identifiers?.[0]?.type !== "permanent-identifier")
    throw new Error("the order is not born pending with the identifier in it");
  const orderUrl = order.location ?? "";

  const authorizationUrl = order.json.authorizations[0];
  const authorization = await client.post("authorization", authorizationUrl, undefined);
  // The last challenge is remembered, whatever its type.
  const challenge = authorization.json.challenges?.at(-1);
  if (authorization.json.status !== "pending" || challenge?.type !== "device-attest-01")
    throw new Error("the authorization is not born pending with a challenge to attest");

  const response = await responseTo(challenge.token, key, parameters, device);
  await settled(await client.post("challenge", challenge.url, response), device);
  await settled(await client.post("finalize", order.json.finalize, { csr: url64(csr) }), device);

  const done = await client.post("order", orderUrl, undefined);
  if (done.json.status !== "valid" || !done.json.certificate)
    throw new Error("the order did not become valid");
  const pem = await client.post("certificate", done.json.certificate, undefined);
  if (device.now() - started > flowLimitMs) throw new Error("MCACMEErrorDomain 60002: timeout");
  const certificates = [...pem.text.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END/g)].map(
    ([, body = ""]) => fromBase64(body.replace(/\s/g, "")),
  );
  const [certificate] = certificates;
  if (!certificate) throw new Error("no certificate came");
  return {
    identity: { key, certificate },
    client,
    orderUrl,
    certificates,
    links: {
      authorization: authorizationUrl,
      challenge: challenge.url,
      finalize: order.json.finalize,
      certificate: done.json.certificate,
    },
  };
}

async function responseTo(
  token: string,
  key: Key,
  { attest: wanted, hardwareBound }: AcmeParameters,
  device: AcmeDevice,
): Promise<object> {
  if (!wanted || !hardwareBound || device.canAttest === false) return {};
  if (device.attestationFails)
    return { attObj: url64(attestationObject([])), error: "The attestation service could not be reached." };
  const freshness = new Uint8Array(createHash("sha256").update(token).digest());
  const asked = { spki: key.spki, freshness, token };
  const x5c =
    (await device.attestWith?.(asked)) ??
    (await attest({ spki: key.spki, freshness, device: device.hardware, now: device.now() }));
  return { attObj: url64(attestationObject(x5c)) };
}

/** `valid` goes on, `invalid` ends, and anything else is waited for once. */
async function settled({ json }: AcmeReply, device: AcmeDevice): Promise<void> {
  if (json.status === "valid") return;
  if (json.status === "invalid") {
    const problem = json.error;
    throw new AcmeFailure("challenge", 200, problem, String(problem?.detail ?? "invalid"));
  }
  await device.pause?.(5_000);
}
