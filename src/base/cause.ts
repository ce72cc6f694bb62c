/** The message of the first error. Errors that wrap a failed query quote its parameters, which must not get into a log or an answer. */
export const firstCause = (fault: unknown): unknown =>
  fault instanceof Error && fault.cause !== undefined ? firstCause(fault.cause) : fault;

export function causeMessage(fault: unknown): string {
  const cause = firstCause(fault);
  return cause instanceof Error ? cause.message : String(cause);
}
