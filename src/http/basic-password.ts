import { fromBase64, fromUtf8 } from "../base/bytes.ts";

/** HTTP Basic of other people's tools: the user is always the same, the password is an API token. */
export function basicPassword(header: string | undefined, userName: string): string | undefined {
  const bytes = fromBase64(/^Basic +(\S+) *$/i.exec(header ?? "")?.[1] ?? "");
  const [, user, password] = /^([^:]*):(.*)$/s.exec(textOf(bytes)) ?? [];
  return user === userName && password !== "" ? password : undefined;
}

function textOf(bytes: Uint8Array | undefined): string {
  try {
    return fromUtf8(bytes ?? new Uint8Array());
  } catch {
    return "";
  }
}
