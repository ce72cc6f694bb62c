import { type Result, refuse } from "../../base/result.ts";
import { openSocket } from "../socket-client.ts";
import type { HttpAnswer } from "./answer.ts";
import { type AskRefusal, askOver, type Question } from "./ask.ts";

const patienceMs = 30_000;

/** Asks once, over a socket that is closed afterwards. */
export async function askServer(question: Question): Promise<Result<HttpAnswer, AskRefusal>> {
  const { url } = question;
  const { stream, opened } = openSocket(url.hostname, Number(url.port || 443));
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void stream.close();
  }, patienceMs);
  const late = (): { ok: false; refusal: AskRefusal } =>
    refuse({ reason: "timed-out", detail: `it did not answer in ${patienceMs / 1000} seconds` });
  try {
    const unreachable = await opened;
    if (isLate) return late();
    if (unreachable !== undefined) return refuse({ reason: "unreachable", detail: unreachable });
    const answer = await askOver(stream, question);
    return isLate && !answer.ok ? late() : answer;
  } catch (fault) {
    if (isLate) return late();
    const detail = fault instanceof Error ? fault.message : String(fault);
    return refuse({ reason: "protocol", detail });
  } finally {
    clearTimeout(timer);
    await stream.close();
  }
}
