import { eq } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { mailStates } from "./schema/mail.ts";

export type MailState = Omit<typeof mailStates.$inferSelect, "id">;

const nothingSent: MailState = { urgentUntil: 0, digestOn: "", failures: 0, triedAt: 0, trouble: null };

export async function loadMailState(db: Db): Promise<MailState> {
  const row = await read(() => db.select().from(mailStates).where(eq(mailStates.id, 1)).get());
  return row ?? nothingSent;
}

export async function saveMailState(db: Db, state: MailState): Promise<void> {
  await db
    .insert(mailStates)
    .values({ id: 1, ...state })
    .onConflictDoUpdate({ target: mailStates.id, set: state });
}
