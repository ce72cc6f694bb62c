import { logFault } from "../base/log.ts";
import { isWanted } from "./topics.ts";

/**
 * Wakes webhooks when there are new events, which they read themselves. A busy webhook looks again by itself and says so
 * in its row: it is woken about once a minute, whatever the number of active devices.
 */
type Listener = { id: string; topics: readonly string[] };

export const concerned = (listeners: readonly Listener[], names: readonly string[]): string[] =>
  listeners.filter(({ topics }) => names.some((name) => isWanted(topics, name))).map(({ id }) => id);

/** Not awaited, and allowed to fail: the cron job wakes them too. */
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
