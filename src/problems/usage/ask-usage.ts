import { boundedText } from "../../base/bounded-text.ts";
import { causeMessage } from "../../base/cause.ts";
import { readJson } from "../../base/json.ts";
import { day } from "../../base/time.ts";
import type { Usage } from "./daily-limits.ts";
import { readUsage, usageQuery } from "./read-usage.ts";

/** Asks Cloudflare what the account used on these days, in their order. No device waits for it. */
const address = "https://api.cloudflare.com/client/v4/graphql";
const timeoutMs = 10_000;
const largestAnswer = 1024 * 1024;

export async function askUsage(
  { account, token }: { account: string; token: string },
  days: readonly string[],
): Promise<Usage> {
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

/** The days from the one to the other time, in UTC, as Cloudflare counts them. */
export function daysBetween(from: number, to: number): string[] {
  const first = Math.floor(from / day);
  return Array.from({ length: Math.floor(to / day) - first + 1 }, (_, at) =>
    new Date((first + at) * day).toISOString().slice(0, 10),
  );
}
