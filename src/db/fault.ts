/** D1 did not answer, or not in time. Expected now and then: the caller should come back. */
export class StorageUnavailable extends Error {
  override name = "StorageUnavailable";
}

// A violated constraint or a syntax error is our bug: trying again would not help.
const bug = /SQLITE_(CONSTRAINT|MISMATCH|RANGE|MISUSE)|syntax error|D1_TYPE_ERROR/;
const unavailable = /^D1_|^no such (table|column)|Network connection lost|storage operation|D1 DB/;

/** Whether D1 failed and not our code; looks through the errors that wrap D1's own. */
export function isStorageFault(fault: unknown): boolean {
  if (!(fault instanceof Error)) return false;
  if (fault instanceof StorageUnavailable) return true;
  if (bug.test(fault.message) && fault.cause === undefined) return false;
  return fault.cause === undefined ? unavailable.test(fault.message) : isStorageFault(fault.cause);
}
