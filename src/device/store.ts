import { channelsStatements } from "./store/channels.ts";
import { commandsStatements } from "./store/commands.ts";
import { enrollmentStatements } from "./store/enrollment.ts";
import { escrowStatements } from "./store/escrow.ts";
import { inventoryStatements } from "./store/inventory.ts";
import { lessonsStatements } from "./store/lessons.ts";
import { outboxStatements } from "./store/outbox.ts";
import { statementsOf } from "./store/statements.ts";

export type Store = ReturnType<typeof deviceStore>;

/**
 * Every SQL statement of the device's object, one file a noun. Calls are synchronous: what happens between two awaits
 * is one transaction, so callers do all their waiting before they read.
 */
export function deviceStore(sql: SqlStorage) {
  const statements = statementsOf(sql);
  return {
    /** Rows written since the object woke: what a fleet costs is made of these. */
    rowsWritten: statements.written,
    ...enrollmentStatements(statements),
    ...channelsStatements(statements),
    ...commandsStatements(statements),
    ...lessonsStatements(statements),
    ...inventoryStatements(statements),
    ...escrowStatements(statements),
    ...outboxStatements(statements),
  };
}
