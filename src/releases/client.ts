import { boundedText } from "../base/bounded-text.ts";
import { causeMessage } from "../base/cause.ts";
import { readJson } from "../base/json.ts";
import { type Result, refuse } from "../base/result.ts";
import { type Release, readRelease } from "./read-release.ts";

/** Asks an address for the newest release of this server, once. It tells nothing of the deployment. */
const timeoutMs = 10_000;
const largestAnswer = 512 * 1024;

export async function fetchRelease(url: string): Promise<Result<Release, { detail: string }>> {
  try {
    const response = await fetch(url, {
      headers: { Accept: "application/json", "User-Agent": "edgemdm" },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return refuse({ detail: `it answered ${response.status}` });
    }
    const text = await boundedText(response, largestAnswer);
    return text === undefined
      ? refuse({ detail: `it answered with more than ${largestAnswer} bytes` })
      : readRelease(readJson(text));
  } catch (fault) {
    return refuse({ detail: causeMessage(fault).slice(0, 300) });
  }
}
