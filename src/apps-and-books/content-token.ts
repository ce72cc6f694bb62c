import { isObject, textAt } from "../ade/json.ts";
import { fromBase64, fromUtf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";

/**
 * A content token: one location of Apple's portal, as the file that the portal gives (`sToken_for_….vpptoken`). All of it
 * is secret. It lasts a year, and may die earlier when the person who downloaded it leaves or changes the password.
 *
 * The surprise: what is sent to Apple is the whole file as it came, in base64, and not the token inside.
 */
export type ContentToken = { file: string; organization: string; expiresAt: number };

export type ContentTokenRefusal = { reason: "no-token-file" | "expired"; detail: string };

/** Files are some 300 characters. */
export const longestTokenFile = 8 * 1024;

export function readContentToken(text: string, now: number): Result<ContentToken, ContentTokenRefusal> {
  const file = text.replace(/\s+/g, "");
  const told = parsed(file);
  const token = told && textAt(told, "token");
  const expiresAt = told && timeOfExpiry(textAt(told, "expDate"));
  if (!token || expiresAt === undefined)
    return refuse({
      reason: "no-token-file",
      detail:
        "it is no content token: send the file as Apple gives it (Apps and Books, Content Tokens: sToken_for_….vpptoken)",
    });
  if (expiresAt <= now)
    return refuse({
      reason: "expired",
      detail: `the token expired on ${new Date(expiresAt).toISOString()}: download a new one from Apple`,
    });
  return ok({ file, organization: textAt(told, "orgName") ?? "", expiresAt });
}

function parsed(file: string) {
  if (file.length > longestTokenFile) return undefined;
  try {
    const value: unknown = JSON.parse(fromUtf8(fromBase64(file) ?? new Uint8Array()));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The offset has no colon, as in `2030-11-08T22:33:22+0000`. */
export function timeOfExpiry(text: string | undefined): number | undefined {
  const time = Date.parse((text ?? "").replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return Number.isNaN(time) ? undefined : time;
}
