import { desc, sql } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { escrowCertificates } from "./schema/escrow-certificates.ts";

export type EscrowCertificateRow = typeof escrowCertificates.$inferSelect;

/** A handful over the years: no cursor. The newest, which is the one in use, first. */
export const listEscrowCertificates = (db: Db): Promise<EscrowCertificateRow[]> =>
  read(() =>
    db
      .select()
      .from(escrowCertificates)
      .orderBy(desc(escrowCertificates.createdAt), escrowCertificates.fingerprint)
      .all(),
  );

/** With `onlyFirst`, nothing is added if there is one. One statement, so that only one concurrent request is first. */
export async function insertEscrowCertificate(
  db: Db,
  row: EscrowCertificateRow,
  onlyFirst: boolean,
): Promise<void> {
  await db.run(sql`
    insert into ${escrowCertificates} (fingerprint, certificate, sealed_key, not_after, created_at)
    select ${row.fingerprint}, ${row.certificate}, ${row.sealedKey}, ${row.notAfter}, ${row.createdAt}
    where ${onlyFirst ? sql`not exists (select 1 from ${escrowCertificates})` : sql`true`}
    on conflict do nothing`);
}
