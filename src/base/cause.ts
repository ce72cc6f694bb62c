/** What failed first. What wraps a failed query quotes its parameters, which no log or answer may hold; this does not. */
export const firstCause = (fault: unknown): unknown =>
  fault instanceof Error && fault.cause !== undefined ? firstCause(fault.cause) : fault;

export function causeMessage(fault: unknown): string {
  const cause = firstCause(fault);
  return cause instanceof Error ? cause.message : String(cause);
}
