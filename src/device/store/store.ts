import { assignmentStatements } from "./assignment.ts";
import { channelsStatements } from "./channels.ts";
import { commandsStatements } from "./commands.ts";
import { declarationsStatements } from "./declarations.ts";
import { enrollmentStatements } from "./enrollment.ts";
import { escrowStatements } from "./escrow.ts";
import { heardStatements } from "./heard.ts";
import { inventoryStatements } from "./inventory.ts";
import { outboxStatements } from "./outbox.ts";
import { profilesStatements } from "./profiles.ts";
import { resultsStatements } from "./results.ts";
import { setupStatements } from "./setup.ts";
import { statementsOf } from "./statements.ts";
import { statusStatements } from "./status.ts";

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
  const setup = setupStatements(statements);
  return {
    /** What was remembered is not true any more: a turn was undone, or somebody wrote past the store. */
    reread(): void {
      enrollment.forgetEnrollment();
      channels.forgetChannels();
      escrow.forgetEscrow();
      setup.forgetSetups();
    },
    /** Rows written since the object woke: what a fleet costs is made of these. */
    rowsWritten: statements.written,
    ...enrollment,
    ...channels,
    ...commandsStatements(statements),
    ...resultsStatements(statements),
    ...inventoryStatements(statements),
    ...escrow,
    ...heardStatements(statements),
    ...assignmentStatements(statements),
    ...declarationsStatements(statements),
    ...statusStatements(statements),
    ...profilesStatements(statements),
    ...setup,
    ...outboxStatements(statements),
  };
}
