import { causeMessage } from "../base/cause.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { SignInRefusal } from "./refusal.ts";

/** The only place here that calls out: to the provider, for a bounded time and a bounded answer in JSON. */
export type Told = { status: number; json: Record<string, unknown> };

const timeoutMs = 8_000;
const largestAnswer = 256 * 1024;

export async function askProvider(
  url: string,
  init: { method?: "GET" | "POST"; headers?: Record<string, string>; body?: string } = {},
): Promise<Result<Told, SignInRefusal>> {
  const { host } = new URL(url);
  try {
    const response = await fetch(url, {
      ...init,
      headers: { Accept: "application/json", "User-Agent": "edgemdm", ...init.headers },
      // A secret is sent to the address that was told, and to no other.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await beginningOf(response);
    if (text === undefined) return misbehaves(`${host} answers with more than ${largestAnswer} bytes`);
    if (response.status >= 500) return unreachable(`${host} answers ${response.status}`);
    const json: unknown = parsed(text);
    if (typeof json !== "object" || json === null || Array.isArray(json))
      return misbehaves(`${host} answers ${response.status} with what is no JSON object`);
    return ok({ status: response.status, json: json as Record<string, unknown> });
  } catch (fault) {
    const isLate = fault instanceof Error && fault.name === "TimeoutError";
    return unreachable(
      isLate ? `${host} did not answer within ${timeoutMs / 1000} s` : `${host}: ${causeMessage(fault)}`,
    );
  }
}

/** undefined: it is too long. */
async function beginningOf(response: Response): Promise<string | undefined> {
  const reader = response.body?.getReader();
  if (reader === undefined) return "";
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for (let turn = await reader.read(); !turn.done; turn = await reader.read()) {
    length += turn.value.length;
    if (length > largestAnswer) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(turn.value, { stream: true });
  }
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const unreachable = (detail: string) =>
  refuse<SignInRefusal>({ reason: "provider-unreachable", detail: detail.slice(0, 300) });

export const misbehaves = (detail: string) =>
  refuse<SignInRefusal>({ reason: "provider-misbehaves", detail: detail.slice(0, 300) });
