import type { Bytes } from "../base/bytes.ts";
import { day } from "../base/time.ts";
import { listRevoked } from "../db/certificates.ts";
import { openDb } from "../db/open.ts";
import { type CrlReason, crlReasons } from "../pki/crl-reasons.ts";
import { backdateMs } from "../pki/issue.ts";
import { type Authority, credentialOf } from "./authority.ts";

/**
 * The revocation list of an authority, for other systems that trust it; our own rules use the directory. Signed again once
 * a minute in each isolate, so that not every request of a stranger costs a signature.
 */
const freshForMs = 60_000;
/** Long, so that a system that cannot fetch a new list for a while does not distrust the whole fleet. */
const validForMs = 7 * day;

const kept = new Map<string, { crl: Bytes; until: number }>();

export async function revocationList(env: Env, authority: Authority, now: number): Promise<Bytes> {
  const known = kept.get(authority.id);
  if (known && known.until > now) return known.crl;
  const rows = await listRevoked(openDb(env.DB), authority.id, now);
  // Back-dated for clocks that are slow, but not to before what it says.
  const newest = latestOf(rows);
  const order = {
    // Seconds since 1970 rise from list to list, in all isolates.
    number: Math.floor(now / 1000),
    thisUpdate: Math.max(now - backdateMs, newest),
    nextUpdate: now + validForMs,
    revoked: rows.map(({ serial, revokedAt, reason }) => ({
      serial,
      revokedAt: revokedAt ?? now,
      ...(isCrlReason(reason) && { reason }),
    })),
  };
  const { buildCrl } = await import("../pki/libraries/revocation-list.ts");
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
