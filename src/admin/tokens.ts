import { sameSecret, sha256, toBase64Url, toHex, utf8 } from "../base/bytes.ts";
import { logFault } from "../base/log.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { hour } from "../base/time.ts";
import type { Db } from "../db/open.ts";
import { findTokenByHash, insertToken, type TokenRow, touchToken } from "../db/tokens.ts";
import type { Role } from "./roles.ts";

/**
 * API tokens: 32 random bytes behind a prefix that secret scanners can look for. D1 keeps their SHA-256, which is
 * enough for a secret that nobody can guess. The ADMIN_TOKEN of the deployment is the first one and is in no table.
 */
export type Caller = { tokenId: string; name: string; role: Role };

export type TokenState = "active" | "expired" | "revoked";

export type CallerRefusal = { reason: "unknown-token" | "expired-token" | "revoked-token" };

export const bootstrapTokenId = "ADMIN_TOKEN";

const marker = "edgemdm_";
const spelling = /^edgemdm_[A-Za-z0-9_-]{43}$/;
const prefixLength = marker.length + 6;
const lastUsePrecisionMs = hour;

export async function createToken(
  db: Db,
  input: { name: string; role: Role; expiresAt: number | undefined },
  createdBy: string,
  now: number,
): Promise<{ row: TokenRow; token: string }> {
  const token = marker + toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  const row: TokenRow = {
    id: crypto.randomUUID(),
    name: input.name,
    role: input.role,
    prefix: token.slice(0, prefixLength),
    hash: await hashOf(token),
    createdBy,
    createdAt: now,
    expiresAt: input.expiresAt ?? null,
    revokedAt: null,
    lastUsedAt: null,
  };
  await insertToken(db, row);
  return { row, token };
}

/** Who presents this token. Also writes when a token was last used, at most once an hour. */
export async function identifyCaller(
  db: Db,
  adminToken: string,
  presented: string,
  now: number,
): Promise<Result<Caller, CallerRefusal>> {
  if (await sameSecret(presented, adminToken)) {
    return ok({ tokenId: bootstrapTokenId, name: bootstrapTokenId, role: "admin" });
  }
  if (!spelling.test(presented)) return refuse({ reason: "unknown-token" });
  const row = await findTokenByHash(db, await hashOf(presented));
  if (row === undefined) return refuse({ reason: "unknown-token" });
  const state = tokenState(row, now);
  if (state !== "active") return refuse({ reason: `${state}-token` });
  await noteUse(db, row, now);
  return ok({ tokenId: row.id, name: row.name, role: row.role });
}

export function tokenState(row: Pick<TokenRow, "expiresAt" | "revokedAt">, now: number): TokenState {
  if (row.revokedAt !== null) return "revoked";
  return row.expiresAt !== null && row.expiresAt <= now ? "expired" : "active";
}

async function noteUse(db: Db, row: TokenRow, now: number): Promise<void> {
  const staleBefore = now - lastUsePrecisionMs;
  if (row.lastUsedAt !== null && row.lastUsedAt >= staleBefore) return;
  try {
    await touchToken(db, row.id, now, staleBefore);
  } catch (fault) {
    // Whoever calls has proved who they are; that we could not note the time is not their trouble.
    logFault("token-use-not-noted", fault, { token: row.id });
  }
}

const hashOf = async (token: string): Promise<string> => toHex(await sha256(utf8(token)));
