import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** What became of one enrollment id. */
export type IdOutcome = { push_result?: string; push_error?: string; command_error?: string };

/** NanoMDM's answer to a push or a command. What is empty is left out. */
export type ApiResult = {
  status?: { [id: string]: IdOutcome };
  no_push?: true;
  push_error?: string;
  command_error?: string;
  command_uuid?: string;
  request_type?: string;
};

/** How NanoMDM writes JSON: indented by tabs, with a line break at the end. */
export const tabbed = (c: Context, value: object, status: ContentfulStatusCode = 200): Response =>
  c.body(`${JSON.stringify(value, null, "\t")}\n`, status, { "Content-Type": "application/json" });

export const failed = (c: Context, status: ContentfulStatusCode, error: string): Response =>
  tabbed(c, { error }, status);

/** 200: nothing failed; 207: one id failed at least, and one did not; 500: all failed, or the whole call did. */
export function answerResult(c: Context, result: ApiResult): Response {
  const outcomes = Object.values(result.status ?? {});
  const failures = outcomes.filter((one) => one.push_error ?? one.command_error).length;
  const whole = result.push_error ?? result.command_error;
  if (whole !== undefined || (failures > 0 && failures === outcomes.length)) return tabbed(c, result, 500);
  return tabbed(c, result, failures > 0 ? 207 : 200);
}
