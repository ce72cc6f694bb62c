import { withDeadline } from "../base/deadline.ts";
import { log } from "../base/log.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Message } from "./message.ts";

/**
 * Gives one message to the platform's binding. Taken is not delivered: what becomes of it later, nobody says.
 * https://developers.cloudflare.com/email-service/api/send-emails/workers-api/
 */
export type MailRefusal =
  | { reason: "not-bound"; detail: string }
  /** It would be refused again: the address, the sender, the message. */
  | { reason: "refused"; detail: string }
  /** It may pass later. */
  | { reason: "passing"; detail: string };

const patienceMs = 20_000;

const passing: ReadonlySet<string> = new Set([
  "E_RATE_LIMIT_EXCEEDED",
  "E_DAILY_LIMIT_EXCEEDED",
  "E_DELIVERY_FAILED",
  "E_INTERNAL_SERVER_ERROR",
]);

export async function sendMail(
  { EMAIL: binding }: Pick<Env, "EMAIL">,
  { from, to, subject, text, html }: Message & { from: { name: string; email: string }; to: string },
): Promise<Result<undefined, MailRefusal>> {
  if (binding === undefined)
    return refuse({ reason: "not-bound", detail: "no EMAIL binding ([[send_email]] in wrangler.toml)" });
  try {
    await withDeadline(
      patienceMs,
      () => binding.send({ from, to, subject, text, html }),
      () => Object.assign(new Error("the platform did not take it in time"), { code: "E_DELIVERY_FAILED" }),
    );
    return ok(undefined);
  } catch (fault) {
    const code = codeOf(fault);
    const detail = `${code ? `${code}: ` : ""}${fault instanceof Error ? fault.message : String(fault)}`;
    log({ event: "mail.not_sent", code, detail });
    return refuse({ reason: code !== undefined && passing.has(code) ? "passing" : "refused", detail });
  }
}

const codeOf = (fault: unknown): string | undefined =>
  fault instanceof Error && "code" in fault && typeof fault.code === "string" ? fault.code : undefined;
