/** The only writer of log lines: one JSON object each. Names and figures; never bodies, tokens, signatures or secrets. */
export function log(line: { event: string } & Record<string, string | number | boolean | undefined>): void {
  // biome-ignore lint/suspicious/noConsole: this is where lines leave
  console.log(line);
}

/** For faults of ours or of a dependency; the message is for the operator, not for the caller. */
export function logFault(
  event: string,
  fault: unknown,
  fields: Record<string, string | number | undefined> = {},
): void {
  const origin = originOf(fault);
  const error =
    origin instanceof Error ? { error: origin.message, stack: origin.stack } : { error: String(origin) };
  // biome-ignore lint/suspicious/noConsole: this is where lines leave
  console.error({ event, ...fields, ...error });
}

// What wraps a failed query quotes its parameters, which no log may hold; the first cause does not.
const originOf = (fault: unknown): unknown =>
  fault instanceof Error && fault.cause !== undefined ? originOf(fault.cause) : fault;
