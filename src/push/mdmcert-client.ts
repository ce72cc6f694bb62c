import { mdmcertUrl, readSignAnswer } from "../apns/mdmcert-download.ts";
import { causeMessage } from "../base/cause.ts";
import { type Result, refuse } from "../base/result.ts";

/** The only call to mdmcert.download. Every outcome is a value. */
const patienceMs = 20_000;
/** Its answer has one word and a reason. */
const longestAnswer = 4096;

export async function askMdmcert(body: string): Promise<Result<undefined, { detail: string }>> {
  try {
    const answer = await fetch(mdmcertUrl, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "User-Agent": "edgemdm (Apple MDM server)",
      },
      body,
      signal: AbortSignal.timeout(patienceMs),
    });
    return readSignAnswer(answer.status, (await answer.text()).slice(0, longestAnswer));
  } catch (fault) {
    return refuse({ detail: `it could not be reached: ${causeMessage(fault)}` });
  }
}
