import { boundedText } from "../../base/bounded-text.ts";
import { causeMessage } from "../../base/cause.ts";
import { readJson } from "../../base/json.ts";
import { day } from "../../base/time.ts";
import type { Usage } from "./daily-limits.ts";
import { readUsage, usageQuery } from "./read-usage.ts";

/** Asks Cloudflare what the account used today and yesterday. Once an hour, by the job: no device waits for it. */
const address = "https://api.cloudflare.com/client/v4/graphql";
const timeoutMs = 10_000;
const largestAnswer = 1024 * 1024;

export async function askUsage(
  { account, token }: { account: string; token: string },
  now: number,
): Promise<Usage> {
  const days = [dayOf(now - day), dayOf(now)];
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${token}`,
        "Content-Type": "application/json",
        "User-Agent": "edgemdm",
      },
      body: JSON.stringify({ query: usageQuery, variables: { account, since: days[0] } }),
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await boundedText(response, largestAnswer);
    if (text === undefined) return { trouble: `it answered with more than ${largestAnswer} bytes` };
    if (response.status !== 200) return { trouble: `Cloudflare answered ${response.status}` };
    const read = readUsage(readJson(text), days);
    return read.ok ? { days: read.value } : { trouble: read.refusal };
  } catch (fault) {
    return { trouble: causeMessage(fault).slice(0, 300) };
  }
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
