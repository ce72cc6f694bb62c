import { type Bytes, concat, fromBase64, toBase64, toHex, utf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";

/**
 * Secrets at rest: AES-256-GCM under a key derived from MASTER_KEY, with one derived key for each purpose.
 *
 * Leaves to others: where sealed values are stored, and when they are sealed again under a newer master key.
 *
 * The surprise: a sealed value is bound to its kind and its owner. Moved to another row, it does not open.
 *
 * Layout: one byte format (1), four bytes key id (the start of the master key's hash), twelve bytes nonce, ciphertext and tag.
 */
export type SealContext = {
  /** What the value is, such as `bootstrap-token`. Also chooses the derived key. */
  what: string;
  /** Its owner, such as a device id; several parts stay separate. */
  whose: readonly string[];
};

export type SealRefusal =
  | { reason: "not-sealed"; detail: string }
  | { reason: "unknown-master-key"; keyId: string; detail: string }
  | { reason: "wrong-context"; detail: string };

type MasterKey = {
  id: string;
  idBytes: Bytes;
  material: CryptoKey;
  /** Finished keys only: see `master.ts`. */
  derived: Map<string, CryptoKey>;
};

/** The master keys of this deployment: values are sealed under the first and opened under either. */
export type SealKeys = { current: MasterKey; previous: MasterKey | undefined };

/**
 * The same, known to be the right ones: any key can seal, but what a wrong one sealed is lost. Only `trusted` makes them,
 * after the check.
 */
export type SealingKeys = SealKeys & { readonly [isTrusted]: true };
declare const isTrusted: unique symbol;

export const trusted = (keys: SealKeys): SealingKeys => keys as SealingKeys;

/** One of them alone. */
export const oneKey = (keys: SealKeys, keyId: string): SealKeys =>
  keyId === keys.previous?.id ? { current: keys.previous, previous: undefined } : keys;

export const idsOf = ({ current, previous }: SealKeys): string[] =>
  previous === undefined ? [current.id] : [current.id, previous.id];

const format = 1;
const headLength = 1 + 4 + 12;

/** Derived keys are kept for as long as the returned value is: make it once an isolate. */
export async function sealKeys(masterKey: Uint8Array, previous?: Uint8Array): Promise<SealKeys> {
  return { current: await importMaster(masterKey), previous: previous && (await importMaster(previous)) };
}

export async function seal(keys: SealingKeys, context: SealContext, secret: Uint8Array): Promise<Bytes> {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const key = await derivedKey(keys.current, context.what);
  const additionalData = boundTo(context);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce, additionalData },
    key,
    secret as Bytes,
  );
  return concat([Uint8Array.of(format), keys.current.idBytes, nonce, new Uint8Array(sealed)]);
}

export async function open(
  keys: SealKeys,
  context: SealContext,
  sealed: Uint8Array,
): Promise<Result<Bytes, SealRefusal>> {
  if (sealed.length < headLength + 16 || sealed[0] !== format) {
    return refuse({
      reason: "not-sealed",
      detail: `${sealed.length} bytes that do not begin like a sealed value`,
    });
  }
  const master = masterOf(keys, sealed);
  if (master === undefined) {
    const keyId = keyIdOf(sealed);
    return refuse({
      reason: "unknown-master-key",
      keyId,
      detail: `sealed under master key ${keyId}; set that key as MASTER_KEY_PREVIOUS`,
    });
  }
  const iv = sealed.slice(5, headLength);
  const key = await derivedKey(master, context.what);
  try {
    const additionalData = boundTo(context);
    const body = sealed.slice(headLength);
    return ok(
      new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, body)),
    );
  } catch {
    return refuse({
      reason: "wrong-context",
      detail: `not a ${context.what} of ${context.whose.join(", ")}, or altered`,
    });
  }
}

/** For values that we sealed ourselves: a failure is a fault of the deployment, not of a caller. */
export async function openOwn(keys: SealKeys, context: SealContext, sealed: Uint8Array): Promise<Bytes> {
  const opened = await open(keys, context, sealed);
  if (!opened.ok) throw new DoesNotOpen(opened.refusal);
  return opened.value;
}

export class DoesNotOpen extends Error {
  override name = "DoesNotOpen";
  readonly refusal: SealRefusal;

  constructor(refusal: SealRefusal) {
    super(`cannot open a sealed value: ${refusal.detail}`);
    this.refusal = refusal;
  }
}

/** It can never be opened, with any key. */
export const isSpoilt = (fault: unknown): boolean =>
  fault instanceof DoesNotOpen && fault.refusal.reason !== "unknown-master-key";

/** Whether a value is still sealed under an older master key. */
export const needsReseal = (keys: SealKeys, sealed: Uint8Array): boolean =>
  keyIdOf(sealed) !== keys.current.id;

/** The same secret under the current master key; the value itself if it is already under that key. */
export async function reseal(
  keys: SealingKeys,
  context: SealContext,
  sealed: Uint8Array,
): Promise<Result<Uint8Array, SealRefusal>> {
  if (!needsReseal(keys, sealed)) return ok(sealed);
  const opened = await open(keys, context, sealed);
  return opened.ok ? ok(await seal(keys, context, opened.value)) : opened;
}

/** D1 keeps sealed values as base64 text. */
export const sealText = async (
  keys: SealingKeys,
  context: SealContext,
  secret: Uint8Array,
): Promise<string> => toBase64(await seal(keys, context, secret));

export async function openText(
  keys: SealKeys,
  context: SealContext,
  sealed: string,
): Promise<Result<Bytes, SealRefusal>> {
  const bytes = fromBase64(sealed);
  return bytes ? open(keys, context, bytes) : refuse({ reason: "not-sealed", detail: "not base64" });
}

/** The master key under which a value is sealed. */
export const keyIdOf = (sealed: Uint8Array): string => toHex(sealed.subarray(1, 5));

const masterOf = (keys: SealKeys, sealed: Uint8Array): MasterKey | undefined =>
  [keys.current, keys.previous].find((key) => key?.id === keyIdOf(sealed));

async function importMaster(bytes: Uint8Array): Promise<MasterKey> {
  if (bytes.length !== 32) throw new Error(`a master key has 32 bytes, this one has ${bytes.length}`);
  const material = await crypto.subtle.importKey("raw", bytes as Bytes, "HKDF", false, ["deriveKey"]);
  // The id is derived one way, under its own label: it distinguishes keys and reveals nothing about them.
  const idKey = await crypto.subtle.importKey(
    "raw",
    bytes as Bytes,
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const idBytes = new Uint8Array(
    await crypto.subtle.sign("HMAC", idKey, utf8("edgemdm master key id")),
  ).slice(0, 4);
  return { id: toHex(idBytes), idBytes, material, derived: new Map() };
}

async function derivedKey(master: MasterKey, purpose: string): Promise<CryptoKey> {
  const known = master.derived.get(purpose);
  if (known !== undefined) return known;
  const derived = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8(`edgemdm seal ${purpose}`) },
    master.material,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
  master.derived.set(purpose, derived);
  return derived;
}

/**
 * A secret that follows from the master key and its context, the same each time, once under each key. It needs no storage.
 */
export const derivedSecrets = (keys: SealKeys, context: SealContext): Promise<Bytes[]> =>
  Promise.all(
    [keys.current, keys.previous]
      .filter((key) => key !== undefined)
      .map(async (key) => {
        const info = utf8(`edgemdm secret ${context.what}`);
        const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
        const hmac = { name: "HMAC", hash: "SHA-256", length: 256 };
        const derived = await crypto.subtle.deriveKey(algorithm, key.material, hmac, false, ["sign"]);
        return new Uint8Array(await crypto.subtle.sign("HMAC", derived, boundTo(context)));
      }),
  );

// Each part has its length, so that ["ab", "c"] and ["a", "bc"] stay two owners.
const boundTo = ({ what, whose }: SealContext): Bytes =>
  utf8([what, ...whose].map((part) => `${part.length}:${part}`).join(""));
