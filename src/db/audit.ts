import { and, desc, eq, gte, inArray, lt, or } from "drizzle-orm";
import type { Statement } from "./directory.ts";
import { leanAdd, leanAddition } from "./lean.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { auditEntries } from "./schema/audit.ts";

export type AuditRow = typeof auditEntries.$inferSelect;
export type NewAuditRow = Omit<AuditRow, "id" | "reason"> & { reason?: string | null };

export type AuditFilter = {
  tokenId?: string | undefined;
  target?: string | undefined;
  since?: number | undefined;
};

export async function insertAudit(db: Db, row: NewAuditRow): Promise<void> {
  await leanAdd(db, auditEntries, "audit_entries", row);
}

/** The same, in a batch. */
export const auditStatement = (db: Db, row: NewAuditRow): Statement =>
  leanAddition(db, auditEntries, "audit_entries", row);

/** Newest first, after `after`. A target includes everything below it. */
export const listAudit = (db: Db, filter: AuditFilter, limit: number, after?: number): Promise<AuditRow[]> =>
  read(() =>
    db
      .select()
      .from(auditEntries)
      .where(
        and(
          filter.tokenId === undefined ? undefined : eq(auditEntries.tokenId, filter.tokenId),
          filter.target === undefined ? undefined : atOrUnder(filter.target),
          filter.since === undefined ? undefined : gte(auditEntries.at, filter.since),
          after === undefined ? undefined : lt(auditEntries.id, after),
        ),
      )
      .orderBy(desc(auditEntries.id))
      .limit(limit),
  );

export async function pruneAudit(db: Db, before: number, limit: number): Promise<number> {
  const { id, at } = auditEntries;
  const old = db.select({ id }).from(auditEntries).where(lt(at, before)).limit(limit);
  return (await db.delete(auditEntries).where(inArray(id, old))).meta.changes;
}

// A range, so that it uses the index and no character of the target is a wildcard. "0" follows "/".
const atOrUnder = (target: string) =>
  or(
    eq(auditEntries.target, target),
    and(gte(auditEntries.target, `${target}/`), lt(auditEntries.target, `${target}0`)),
  );
