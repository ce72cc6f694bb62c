import type { Bytes } from "../base/bytes.ts";
import { causeMessage } from "../base/cause.ts";

/** One attempt to send one message: the only place here that calls other servers. */
export type Answer = {
  status: number | null;
  /** Why it failed; null: it was received. */
  fault: string | null;
  /** How long the receiver asks us to wait. */
  askedMs: number;
  ms: number;
};

const timeoutMs = 15_000;
/** How much of an error answer is read. */
const readBytes = 1_000;

export async function send(
  url: string,
  headers: Record<string, string>,
  body: Bytes,
  now: () => number,
): Promise<Answer> {
  const startedAt = now();
  const answered = (answer: Omit<Answer, "ms">): Answer => ({ ...answer, ms: now() - startedAt });
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "User-Agent": "edgemdm", ...headers },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { status } = response;
    if (response.ok) {
      await response.body?.cancel();
      return answered({ status, fault: null, askedMs: 0 });
    }
    const said = await beginningOf(response);
    return answered({
      status,
      fault: `answered ${status}${said && `: ${said}`}`,
      askedMs: retryAfterMs(response.headers.get("Retry-After"), now()),
    });
  } catch (fault) {
    const isLate = fault instanceof Error && fault.name === "TimeoutError";
    const why = isLate ? `did not answer within ${timeoutMs / 1000} s` : causeMessage(fault);
    return answered({ status: null, fault: why.slice(0, 300), askedMs: 0 });
  }
}

async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return "";
  let text = "";
  const decoder = new TextDecoder();
  while (text.length < readBytes) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text.replace(/\s+/g, " ").trim().slice(0, 200);
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
export function retryAfterMs(header: string | null, now: number): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms > 0 ? ms : 0;
}
