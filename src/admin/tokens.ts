import { timingSafeEqual } from "node:crypto";
import { type Bytes, sha256, toBase64Url, toHex, utf8 } from "../base/bytes.ts";
import { logFault } from "../base/log.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { hour } from "../base/time.ts";
import type { Db } from "../db/open.ts";
import { findTokenByHash, insertToken, replaceHash, type TokenRow, touchToken } from "../db/tokens.ts";
import type { Right, Role } from "./roles.ts";

/**
 * API tokens: 32 random bytes after a prefix for secret scanners. D1 stores their SHA-256, which is enough for a secret
 * that nobody can guess. The ADMIN_TOKEN of the deployment is the first token and is not in the table.
 */
export type Caller = {
  tokenId: string;
  /** Of a token, or of the person who signed in. */
  name: string;
  role: Role;
  rights: readonly Right[];
  /** How it is known; `access`: by Cloudflare Access, without a token. */
  by: "deployment" | TokenRow["kind"] | "access";
  expiresAt: number | null;
};

export type TokenState = "active" | "expired" | "revoked";

export type CallerRefusal = { reason: "unknown-token" | "expired-token" | "revoked-token" | "rotated-token" };

export const bootstrapTokenId = "ADMIN_TOKEN";

const marker = "emdm_";
/** The prefix of earlier tokens. */
const spelling = /^(emdm|edgemdm)_[A-Za-z0-9_-]{43}$/;
const prefixLength = marker.length + 6;
const lastUsePrecisionMs = hour;

export async function createToken(
  db: Db,
  input: { name: string; role: Role; rights: Right[]; expiresAt: number | undefined } & Partial<
    Pick<TokenRow, "kind" | "origin">
  >,
  createdBy: string,
  now: number,
): Promise<{ row: TokenRow; token: string }> {
  const token = newToken();
  const row: TokenRow = {
    id: crypto.randomUUID(),
    name: input.name,
    role: input.role,
    rights: input.rights,
    prefix: token.slice(0, prefixLength),
    hash: await hashOf(token),
    previousHash: null,
    previousUntil: null,
    createdBy,
    kind: input.kind ?? "token",
    origin: input.origin ?? null,
    createdAt: now,
    expiresAt: input.expiresAt ?? null,
    revokedAt: null,
    lastUsedAt: null,
  };
  await insertToken(db, row);
  return { row, token };
}

/** Replaces a token by a new one; the old one is also accepted for `overlapMs`. */
export async function rotateToken(
  db: Db,
  row: TokenRow,
  overlapMs: number,
  now: number,
): Promise<{ row: TokenRow; token: string } | undefined> {
  const token = newToken();
  const changes = {
    prefix: token.slice(0, prefixLength),
    hash: await hashOf(token),
    previousHash: row.hash,
    previousUntil: now + overlapMs,
  };
  const isRotated = await replaceHash(db, row, changes);
  return isRotated ? { row: { ...row, ...changes }, token } : undefined;
}

/**
 * The owner of this token. What other isolates did to the token counts here five seconds later (`db/recent-tokens.ts`),
 * and at once with `askNow`. Also writes the time of its last use, at most once an hour.
 */
export async function identifyCaller(
  db: Db,
  adminToken: string,
  presented: string,
  now: number,
  { askNow = false } = {},
): Promise<Result<Caller, CallerRefusal>> {
  const digest = await digestOf(presented);
  if (timingSafeEqual(digest, await digestOfDeployment(adminToken))) {
    return ok({
      tokenId: bootstrapTokenId,
      name: bootstrapTokenId,
      role: "admin",
      rights: [],
      by: "deployment",
      expiresAt: null,
    });
  }
  if (!spelling.test(presented)) return refuse({ reason: "unknown-token" });
  const hash = toHex(digest);
  const row = await findTokenByHash(db, hash, now, askNow);
  if (row === undefined) return refuse({ reason: "unknown-token" });
  if (row.hash !== hash && (row.previousUntil ?? 0) <= now) return refuse({ reason: "rotated-token" });
  const state = tokenState(row, now);
  if (state !== "active") return refuse({ reason: `${state}-token` });
  await noteUse(db, row, now);
  const { id: tokenId, name, role, rights, kind: by, expiresAt } = row;
  return ok({ tokenId, name, role, rights, by, expiresAt });
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
    // The caller has a valid token; a failed write of the time must not fail the request.
    logFault("token-use-not-noted", fault, { token: row.id });
  }
}

const newToken = (): string => marker + toBase64Url(crypto.getRandomValues(new Uint8Array(32)));

const digestOf = (token: string): Promise<Bytes> => sha256(utf8(token));

const hashOf = async (token: string): Promise<string> => toHex(await digestOf(token));

let deployment: { token: string; digest: Bytes } | undefined;

/** Of the ADMIN_TOKEN, which is the same in every request of an isolate. */
async function digestOfDeployment(token: string): Promise<Bytes> {
  if (deployment?.token !== token) deployment = { token, digest: await digestOf(token) };
  return deployment.digest;
}
