import { logFault } from "../base/log.ts";
import { isWanted } from "./topics.ts";

/**
 * Webhooks are told that there is news, and fetch it themselves. One that is busy looks again by itself and says so in
 * its row: however many devices speak at once, it is woken about once a minute.
 */
type Listener = { id: string; topics: readonly string[] };

export const concerned = (listeners: readonly Listener[], names: readonly string[]): string[] =>
  listeners.filter(({ topics }) => names.some((name) => isWanted(topics, name))).map(({ id }) => id);

/** Nobody waits for this, and nothing hangs on it: the clock's door wakes them too. */
export async function wakeListeners(env: Env, ids: Iterable<string>): Promise<void> {
  await Promise.all(
    [...new Set(ids)].map(async (id) => {
      try {
        await env.WEBHOOK.getByName(id).wake();
      } catch (fault) {
        logFault("webhook.not_woken", fault, { webhook: id });
      }
    }),
  );
}
