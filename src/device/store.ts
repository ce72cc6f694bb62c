import { assignmentStatements } from "./store/assignment.ts";
import { channelsStatements } from "./store/channels.ts";
import { commandsStatements } from "./store/commands.ts";
import { declarationsStatements } from "./store/declarations.ts";
import { enrollmentStatements } from "./store/enrollment.ts";
import { escrowStatements } from "./store/escrow.ts";
import { heardStatements } from "./store/heard.ts";
import { inventoryStatements } from "./store/inventory.ts";
import { lessonsStatements } from "./store/lessons.ts";
import { outboxStatements } from "./store/outbox.ts";
import { profilesStatements } from "./store/profiles.ts";
import { statementsOf } from "./store/statements.ts";
import { statusStatements } from "./store/status.ts";

export type Store = ReturnType<typeof deviceStore>;

/**
 * Every SQL statement of the device's object, one file a noun. Calls are synchronous: what happens between two awaits
 * is one transaction, so callers do all their waiting before they read.
 */
export function deviceStore(sql: SqlStorage) {
  const statements = statementsOf(sql);
  const enrollment = enrollmentStatements(statements);
  const channels = channelsStatements(statements);
  const escrow = escrowStatements(statements);
  return {
    /** What was remembered is not true any more: a turn was undone, or somebody wrote past the store. */
    reread(): void {
      enrollment.forgetEnrollment();
      channels.forgetChannels();
      escrow.forgetEscrow();
    },
    /** Rows written since the object woke: what a fleet costs is made of these. */
    rowsWritten: statements.written,
    ...enrollment,
    ...channels,
    ...commandsStatements(statements),
    ...lessonsStatements(statements),
    ...inventoryStatements(statements),
    ...escrow,
    ...heardStatements(statements),
    ...assignmentStatements(statements),
    ...declarationsStatements(statements),
    ...statusStatements(statements),
    ...profilesStatements(statements),
    ...outboxStatements(statements),
  };
}
