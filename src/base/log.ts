import { firstCause } from "./cause.ts";

/**
 * The only writer of log lines: one JSON text each, which Workers Logs reads field by field. Names and figures; never
 * bodies, tokens, signatures or secrets.
 */
export function log(line: { event: string } & Record<string, string | number | boolean | undefined>): void {
  // biome-ignore lint/suspicious/noConsole: this is where lines leave
  console.log(JSON.stringify(line));
}

/** For faults of ours or of a dependency; the message is for the operator, not for the caller. */
export function logFault(
  event: string,
  fault: unknown,
  fields: Record<string, string | number | undefined> = {},
): void {
  const cause = firstCause(fault);
  const error =
    cause instanceof Error ? { error: cause.message, stack: cause.stack } : { error: String(cause) };
  // biome-ignore lint/suspicious/noConsole: this is where lines leave
  console.error(JSON.stringify({ event, ...fields, ...error }));
}
