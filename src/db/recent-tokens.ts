import type { apiTokens } from "./schema/tokens.ts";

type TokenRow = typeof apiTokens.$inferSelect;

/**
 * Tokens that this isolate read a moment ago, so that a tool's requests do not each ask D1 for the same one.
 *
 * Only tokens that exist are held, and only as D1 had them: whether one is valid is decided at each request. A write here
 * forgets them all, so in this isolate a revocation or another role counts at once, and in the others after at most
 * `freshMs`.
 */
const freshMs = 5_000;
const most = 1_000;

const held = new Map<string, { row: TokenRow; readAt: number }>();
let writes = 0;

/** The token with this hash, as it was at most `freshMs` ago; `askNow`: as it is. */
export async function recentToken(
  hash: string,
  now: number,
  askNow: boolean,
  read: () => Promise<TokenRow | undefined>,
): Promise<TokenRow | undefined> {
  const known = held.get(hash);
  if (!askNow && known !== undefined && now - known.readAt < freshMs) return known.row;
  const before = writes;
  const row = await read();
  held.delete(hash);
  // A row that was read while another request wrote may be the old one.
  if (row === undefined || writes !== before) return row;
  if (held.size >= most) held.clear();
  held.set(hash, { row, readAt: now });
  return row;
}

/** Makes the next request ask D1. */
export function forgetTokens(): void {
  held.clear();
  writes += 1;
}

/** A write of tokens. One that failed may have happened. */
export async function writingTokens<Written>(write: PromiseLike<Written>): Promise<Written> {
  try {
    return await write;
  } finally {
    forgetTokens();
  }
}
