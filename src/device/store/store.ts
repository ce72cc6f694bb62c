import { appsStatements } from "./apps.ts";
import { assignmentStatements } from "./assignment.ts";
import { channelsStatements } from "./channels.ts";
import { commandsStatements } from "./commands.ts";
import { declarationsStatements } from "./declarations.ts";
import { dueTimesStatements } from "./due-times.ts";
import { enrollmentStatements } from "./enrollment.ts";
import { escrowStatements } from "./escrow.ts";
import { heardStatements } from "./heard.ts";
import { inventoryStatements } from "./inventory.ts";
import { namingStatements } from "./naming.ts";
import { outboxStatements } from "./outbox.ts";
import { profilesStatements } from "./profiles.ts";
import { resultsStatements } from "./results.ts";
import { rotationStatements } from "./rotations.ts";
import { setupStatements } from "./setup.ts";
import { statementsOf } from "./statements.ts";
import { statusStatements } from "./status.ts";

export type Store = ReturnType<typeof deviceStore>;

/**
 * Every SQL statement of the device's object, with one file for each noun. Calls are synchronous: everything between two
 * awaits is one transaction, so callers await before they read.
 */
export function deviceStore(sql: SqlStorage) {
  const statements = statementsOf(sql);
  const enrollment = enrollmentStatements(statements);
  const channels = channelsStatements(statements);
  const escrow = escrowStatements(statements);
  const setup = setupStatements(statements);
  const rotation = rotationStatements(statements);
  const commands = commandsStatements(statements);
  return {
    /** Drops the remembered rows after a rollback or a write past the store. */
    reread(): void {
      enrollment.forgetEnrollment();
      channels.forgetChannels();
      escrow.forgetEscrow();
      setup.forgetSetups();
      rotation.forgetRotations();
      commands.sentInMemory.restore(new Map());
    },
    /** Rows written since the object woke; they make up the cost of a fleet. */
    rowsWritten: statements.written,
    reading: statements.reading,
    ...enrollment,
    ...channels,
    ...commands,
    ...resultsStatements(statements),
    ...inventoryStatements(statements),
    ...escrow,
    ...heardStatements(statements),
    ...assignmentStatements(statements),
    ...declarationsStatements(statements),
    ...statusStatements(statements),
    ...profilesStatements(statements),
    ...namingStatements(statements),
    ...appsStatements(statements),
    ...setup,
    ...rotation,
    ...outboxStatements(statements),
    ...dueTimesStatements(statements),
  };
}
