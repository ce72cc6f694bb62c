import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Requests with an idempotency key, so that a repeated request is not done again. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    /** SHA-256 of the caller, the request and the key. */
    id: text("id").primaryKey(),
    /** Sealed: a digest of the body, which may hold a secret that could be guessed from a bare one. */
    requestSealed: text("request_sealed").notNull(),
    /** Sealed: the first answer, which may show a secret for the only time. Null: not answered yet. */
    answerSealed: text("answer_sealed"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    // pruneIdempotencyKeys: those that are too old
    index("idempotency_keys_by_creation").on(table.createdAt),
  ],
);
