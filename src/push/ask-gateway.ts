import { unanswered } from "../apns/apns.ts";
import { withDeadline } from "../base/deadline.ts";
import { logFault } from "../base/log.ts";
import type { PushAnswer, PushAsk } from "./answer.ts";

/** Longer than a connection and a request together may take. */
const patienceMs = 60_000;

/** Asks the gateway of a topic for one push. Never throws: no answer from the gateway is an outcome too. */
export async function askGateway(
  env: Env,
  { topic, ask }: { topic: string; ask: PushAsk },
): Promise<PushAnswer> {
  try {
    return await withDeadline(
      patienceMs,
      async (): Promise<PushAnswer> => env.PUSH.getByName(topic).push(ask),
      () => new Error(`the gateway did not answer within ${patienceMs} ms`),
    );
  } catch (fault) {
    logFault("push.gateway", fault, { topic });
    return unanswered("the push gateway did not answer");
  }
}
