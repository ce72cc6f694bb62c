import { concat } from "../base/bytes.ts";
import { appleCodes } from "./apple-codes.ts";

/**
 * What Apple answered, read once and within bounds.
 *
 * The surprise: errors are plain text, the bare code; some servers put it in quotes or in JSON, and in front of a few
 * codes stands other text.
 */
export type AppleAnswer = {
  status: number;
  contentType: string;
  /** A session that replaces the one that was used. */
  session: string | undefined;
  retryAfterSeconds: number | undefined;
  text: string;
  isTooLarge: boolean;
  /** Apple's own word for what is wrong; undefined for success, and for what is no word of Apple's. */
  code: string | undefined;
};

/** A thousand devices with all their keys are about one MB; some accounts get five thousand at once. */
const longestAnswer = 12 * 1024 * 1024;
/** Errors are a word. */
const longestError = 1024;

export async function readAnswer(response: Response, now: number): Promise<AppleAnswer> {
  const { text, isTooLarge } = await readText(response, response.ok ? longestAnswer : longestError);
  return {
    status: response.status,
    contentType: response.headers.get("Content-Type") ?? "",
    session: response.headers.get("X-ADM-Auth-Session") ?? undefined,
    retryAfterSeconds: readRetryAfter(response.headers.get("Retry-After"), now),
    text,
    isTooLarge,
    code: response.ok ? undefined : readErrorCode(text),
  };
}

export async function readText(
  response: Response,
  most: number,
): Promise<{ text: string; isTooLarge: boolean }> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let turn = await reader?.read(); turn && !turn.done; turn = await reader?.read()) {
    length += turn.value.length;
    parts.push(turn.value);
    if (length <= most) continue;
    await reader?.cancel();
    return { text: decode(concat(parts).subarray(0, longestError)), isTooLarge: true };
  }
  return { text: decode(concat(parts)), isTooLarge: false };
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The longest first: one code may end like another. */
const byLength = Object.keys(appleCodes).sort((a, b) => b.length - a.length);

export function readErrorCode(text: string): string | undefined {
  const word = bareWord(text.trim());
  if (Object.hasOwn(appleCodes, word)) return word;
  if (/^\s*</.test(text)) return undefined;
  // FORBIDDEN means a lost session only where nothing else is said.
  const found = byLength.find((code) => code !== "FORBIDDEN" && word.includes(code));
  return found ?? (/^[A-Z][A-Z0-9_]{2,79}$/.test(word) ? word : undefined);
}

function bareWord(text: string): string {
  const unquoted = text.replace(/^"(.*)"$/s, "$1").trim();
  if (!unquoted.startsWith("{")) return unquoted;
  try {
    const { code, error } = JSON.parse(unquoted) as { code?: unknown; error?: unknown };
    const word = code ?? error;
    return typeof word === "string" ? word.trim() : unquoted;
  } catch {
    return unquoted;
  }
}

/** Nobody is told to wait longer than this. */
const longestWaitSeconds = 24 * 60 * 60;

/** RFC 9110 section 10.2.3: seconds, or a date. */
export function readRetryAfter(value: string | null, now: number): number | undefined {
  const text = value?.trim() ?? "";
  if (text === "") return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - now) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), longestWaitSeconds);
}
