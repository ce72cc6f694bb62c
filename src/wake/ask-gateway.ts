import { logFault } from "../base/log.ts";
import { unanswered } from "../push/apns.ts";
import type { PushAnswer, PushAsk } from "./answer.ts";

/** Asks the gateway of a topic for one push. Never throws: a gateway that does not answer is an outcome like others. */
export async function askGateway(
  env: Env,
  { topic, ask }: { topic: string; ask: PushAsk },
): Promise<PushAnswer> {
  try {
    return await env.PUSH.getByName(topic).push(ask);
  } catch (fault) {
    logFault("push.gateway", fault, { topic });
    return unanswered("the push gateway did not answer");
  }
}
