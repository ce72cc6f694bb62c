import { desc, eq } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { signingCertificates } from "./schema/signing-certificates.ts";

export type SigningCertificateRow = typeof signingCertificates.$inferSelect;

/** A handful over the years: no cursor. The one uploaded last first. */
export const listSigningCertificates = (db: Db): Promise<SigningCertificateRow[]> =>
  read(() =>
    db
      .select()
      .from(signingCertificates)
      .orderBy(desc(signingCertificates.uploadedAt), signingCertificates.id)
      .all(),
  );

/** False: it already existed, and now counts as uploaded last. */
export async function putSigningCertificate(db: Db, row: SigningCertificateRow): Promise<boolean> {
  const added = await db.insert(signingCertificates).values(row).onConflictDoNothing().returning({
    id: signingCertificates.id,
  });
  if (added.length > 0) return true;
  const { id, ...changes } = row;
  await db.update(signingCertificates).set(changes).where(eq(signingCertificates.id, id));
  return false;
}

export const noteSigningWarned = (db: Db, id: string, warned: SigningCertificateRow["warned"]) =>
  db.update(signingCertificates).set({ warned }).where(eq(signingCertificates.id, id));

export async function deleteSigningCertificate(db: Db, id: string): Promise<boolean> {
  const gone = await db
    .delete(signingCertificates)
    .where(eq(signingCertificates.id, id))
    .returning({ id: signingCertificates.id });
  return gone.length > 0;
}
