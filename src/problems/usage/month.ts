import type { Settings } from "../../admin/setting-entries.ts";
import { askUsage, daysBetween } from "./ask-usage.ts";
import type { Usage } from "./daily-limits.ts";

const keptForMs = 5 * 60_000;

type Kept = { of: string; askedAt: number; usage: Usage };

/** In memory: however often people look, Cloudflare is asked every five minutes at most. */
let kept: Kept | undefined;

const notSet = "the settings cloudflare_account_id and cloudflare_api_token are not set";

/** What Cloudflare counted since the first of this month. */
export async function readUsageOfMonth(
  { cloudflare_account_id: account, cloudflare_api_token: token }: Settings,
  now: number,
): Promise<Omit<Kept, "of">> {
  if (account === null || token === null) return { askedAt: now, usage: { trouble: notSet } };
  const today = new Date(now);
  const first = Date.UTC(today.getUTCFullYear(), today.getUTCMonth());
  const of = `${account} ${token} ${first}`;
  if (kept?.of !== of || now - kept.askedAt > keptForMs)
    kept = { of, askedAt: now, usage: await askUsage({ account, token }, daysBetween(first, now)) };
  return kept;
}
