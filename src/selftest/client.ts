import { causeMessage } from "../base/cause.ts";
import { type Finding, type Heard, judge, type Outcome, remedies } from "./judge.ts";
import { type Probe, probes } from "./probes.ts";

/** Asks an address as devices do. For the Worker and for scripts: it needs nothing but `fetch`. */
const patienceMs = 10_000;
const mostRead = 16_384;

export const askFromOutside = (origin: string): Promise<Finding[]> =>
  Promise.all(probes.map((probe) => ask(origin, probe)));

async function ask(origin: string, probe: Probe): Promise<Finding> {
  const { outcome, detail } = await answerTo(origin, probe);
  return {
    probe: probe.name,
    request: `${probe.method} ${probe.path}`,
    outcome,
    detail,
    remedy: outcome === "ours" ? null : remedies[outcome],
  };
}

async function answerTo(
  origin: string,
  { method, path, headers, body, expected }: Probe,
): Promise<{ outcome: Outcome; detail: string }> {
  try {
    const answer = await fetch(`${origin}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body }),
      redirect: "manual",
      signal: AbortSignal.timeout(patienceMs),
    });
    const heard: Heard = { status: answer.status, headers: answer.headers, body: await beginningOf(answer) };
    return judge(heard, expected);
  } catch (fault) {
    return { outcome: "unreachable", detail: causeMessage(fault) };
  }
}

async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return "";
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
    if (text.length < mostRead) continue;
    await reader.cancel();
    return text;
  }
}
