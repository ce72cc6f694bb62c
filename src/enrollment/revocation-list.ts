import type { Bytes } from "../base/bytes.ts";
import { day } from "../base/time.ts";
import { listRevoked } from "../db/certificates.ts";
import { openDb } from "../db/open.ts";
import { buildCrl, type CrlReason, crlReasons } from "../pki/crl.ts";
import { backdateMs } from "../pki/issue.ts";
import { type Authority, credentialOf } from "./authority.ts";

/**
 * The revocation list of an authority, for everyone else who trusts it: our own rules ask the directory. Signed anew
 * once a minute in each isolate, so a stranger's requests cost no signature each.
 */
const freshForMs = 60_000;
/** Long: whoever cannot fetch a new one for a while should not distrust the whole fleet. */
const validForMs = 7 * day;

const kept = new Map<string, { crl: Bytes; until: number }>();

export async function revocationList(env: Env, authority: Authority, now: number): Promise<Bytes> {
  const known = kept.get(authority.id);
  if (known && known.until > now) return known.crl;
  const rows = await listRevoked(openDb(env.DB), authority.id, now);
  // Back-dated for clocks that are slow, but not to before what it says.
  const newest = latestOf(rows);
  const order = {
    // Seconds since 1970 rise from list to list, in every isolate alike.
    number: Math.floor(now / 1000),
    thisUpdate: Math.max(now - backdateMs, newest),
    nextUpdate: now + validForMs,
    revoked: rows.map(({ serial, revokedAt, reason }) => ({
      serial,
      revokedAt: revokedAt ?? now,
      ...(isCrlReason(reason) && { reason }),
    })),
  };
  const crl = await buildCrl(order, await credentialOf(env, authority));
  kept.set(authority.id, { crl, until: now + freshForMs });
  return crl;
}

export function forgetRevocationLists(): void {
  kept.clear();
}

const latestOf = (rows: readonly { revokedAt: number | null }[]): number =>
  rows.reduce((latest, { revokedAt }) => Math.max(latest, revokedAt ?? 0), 0);

const isCrlReason = (reason: string | null): reason is CrlReason =>
  reason !== null && Object.hasOwn(crlReasons, reason);
