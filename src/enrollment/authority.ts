import { waitUntil } from "cloudflare:workers";
import { type Bytes, fromBase64 } from "../base/bytes.ts";
import { logFault } from "../base/log.ts";
import { type AuthorityRow, listAuthorities } from "../db/authorities.ts";
import { openDb } from "../db/open.ts";
import type { Certificate, Credential } from "../pki/certificate.ts";
import { masterKeys } from "../pki/master.ts";
import { parseCertificate } from "../pki/parse-certificate.ts";
import { openOwn } from "../pki/seal.ts";
import { authorityKeyContext } from "../pki/seal-contexts.ts";

/**
 * The authorities of this deployment for the device path: parsed, and cached for a minute in each isolate.
 *
 * If D1 fails, old ones are used: an outage must not refuse a device whose certificate was valid a minute ago. A change
 * in this isolate takes effect at once (`forgetAuthorities`), in others within the minute.
 */
export type Authority = {
  id: string;
  fingerprint: string;
  certificate: Certificate;
  /** The certificates above an imported intermediate, nearest first. */
  chain: readonly Bytes[];
  issuing: boolean;
  createdAt: number;
  /** null: trusted only. */
  sealedKey: string | null;
};

const freshForMs = 60_000;
/** After a failure of D1: try again soon, but not with every request. */
const retryAfterMs = 5_000;
/** A certificate is refused for having no authority only by a list of at most this age. */
const confirmedForMs = 5_000;
/** How long a device waits for D1 if nothing is cached; `read` tries twice. */
const confirmTimeoutMs = 1_000;

let held: { authorities: readonly Authority[]; askedAt: number; freshUntil: number } | undefined;
let unansweredUntil = 0;

export async function loadAuthorities(env: Env, now: number): Promise<readonly Authority[]> {
  const known = held;
  if (known && known.freshUntil > now) return known.authorities;
  try {
    return await askAuthorities(env, now);
  } catch (fault) {
    if (!known) throw fault;
    logFault("authorities-stale", fault);
    held = { ...known, freshUntil: now + retryAfterMs };
    return known.authorities;
  }
}

/**
 * The cached list of any age, for a path that must not wait: if it is older than a minute, it is read again in parallel to
 * the answer. An old list does no harm to certificates under it; before refusing one that is not under it, use
 * `confirmAuthorities`.
 */
export function heldAuthorities(env: Env, now: number): readonly Authority[] | undefined {
  if (held && held.freshUntil <= now) {
    // Other requests in the meantime need not ask as well.
    held = { ...held, freshUntil: now + retryAfterMs };
    waitUntil(askAuthorities(env, now).catch((fault) => logFault("authorities-stale", fault)));
  }
  return held?.authorities;
}

/** The list in D1, a few seconds old at most. undefined: D1 does not answer. */
export async function confirmAuthorities(env: Env, now: number): Promise<readonly Authority[] | undefined> {
  if (held && held.askedAt + confirmedForMs > now) return held.authorities;
  if (unansweredUntil > now) return undefined;
  try {
    return await askAuthorities(env, now, confirmTimeoutMs);
  } catch (fault) {
    logFault("authorities-unconfirmed", fault);
    unansweredUntil = now + retryAfterMs;
    return undefined;
  }
}

async function askAuthorities(env: Env, now: number, timeoutMs?: number): Promise<readonly Authority[]> {
  const rows = await listAuthorities(openDb(env.DB), timeoutMs);
  const authorities = rows.map((row) => keepSame(held?.authorities, row));
  held = { authorities, askedAt: now, freshUntil: now + freshForMs };
  return authorities;
}

/** Called after a change; the old list stays for an outage. */
export function forgetAuthorities(): void {
  if (held) held = { ...held, askedAt: 0, freshUntil: 0 };
}

export const issuingAuthority = (authorities: readonly Authority[]): Authority | undefined =>
  authorities.find(({ issuing }) => issuing);

const credentials = new WeakMap<Authority, Credential>();

/** The authority with its opened key: cached with the authority, because opening and importing are expensive. */
export async function credentialOf(env: Env, authority: Authority): Promise<Credential> {
  const known = credentials.get(authority);
  if (known) return known;
  if (authority.sealedKey === null)
    throw new Error(`authority ${authority.id} is only trusted: it has no key`);
  const sealed = fromBase64(authority.sealedKey) ?? new Uint8Array();
  const pkcs8 = await openOwn(await masterKeys(env), authorityKeyContext(authority.id), sealed);
  const credential = { certificate: authority.certificate, pkcs8 };
  credentials.set(authority, credential);
  return credential;
}

// An unchanged row keeps its object and its opened key.
function keepSame(known: readonly Authority[] | undefined, row: AuthorityRow): Authority {
  const same = known?.find(({ id }) => id === row.id);
  return same && same.issuing === row.issuing && same.sealedKey === row.sealedKey ? same : fromRow(row);
}

function fromRow(row: AuthorityRow): Authority {
  const parsed = parseCertificate(storedDer(row.certificate));
  if (!parsed.ok) throw new Error(`authority ${row.id} cannot be read: ${parsed.refusal.detail}`);
  return {
    id: row.id,
    fingerprint: row.fingerprint,
    certificate: parsed.value,
    chain: row.chain.map(storedDer),
    issuing: row.issuing,
    createdAt: row.createdAt,
    sealedKey: row.sealedKey,
  };
}

function storedDer(text: string): Bytes {
  const der = fromBase64(text);
  if (!der) throw new Error("a stored certificate is not base64");
  return der;
}
