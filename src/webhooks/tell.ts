import { log } from "../base/log.ts";
import { type Db, openDb } from "../db/open.ts";
import { changeWebhook, pauseWebhook } from "../db/webhooks.ts";
import { announceServerEvent } from "../events/announce.ts";
import { isTooLong } from "./pace.ts";
import { pausedBecause } from "./paused.ts";
import type { LogEntry, Progress, WebhookStore } from "./store.ts";
import { lookEveryMs, size } from "./turn.ts";
import type { OpenWebhook } from "./webhook.ts";

/** How long a target looks by itself after new events, so that it need not be woken. */
const awakeMs = 60_000;

/** Writes the state of a target to the directory if it has changed, and pauses the target when it is time. */
export async function tell(
  env: Env,
  { row }: OpenWebhook,
  store: WebhookStore,
  hadNews: boolean,
  now: number,
): Promise<void> {
  const progress = store.progress();
  const { failingSince } = progress;
  const dead = store.deadCount();
  const last = store.log()[0];
  const awakeUntil = awakeFor(progress, hadNews, now);
  const isNews = failingSince !== progress.toldFailing || dead !== progress.toldDead;
  if (awakeUntil === undefined && !isNews) return;
  const awake = { awakeUntil: awakeUntil ?? progress.awakeUntil };
  await changeWebhook(openDb(env.DB), row.id, {
    cursor: progress.cursor,
    failingSince,
    lastFault: failingSince === null ? null : (last?.fault ?? null),
    deadLetters: dead,
    ...awake,
  });
  if (!store.exists()) return;
  store.setProgress({ ...store.progress(), toldFailing: failingSince, toldDead: dead, ...awake });
  const about = { webhook: row.id, title: row.name, host: row.host };
  if (dead > progress.toldDead) {
    await announceServerEvent(
      env,
      { name: "webhook.dead_letter", detail: { ...about, dead_letters: dead } },
      now,
    );
  }
  const reason = reasonToPause(progress, dead, last, now);
  if (reason !== undefined) await pause(env, openDb(env.DB), about, reason, now);
}

/** Undefined: unchanged. A failing target must not be woken before its next try. */
function awakeFor(progress: Progress, hadNews: boolean, now: number): number | undefined {
  if (progress.failingSince !== null) return progress.retryAt;
  return hadNews && progress.awakeUntil < now + lookEveryMs ? now + awakeMs : undefined;
}

function reasonToPause(
  progress: Progress,
  dead: number,
  last: LogEntry | undefined,
  now: number,
): string | undefined {
  if (progress.failures > 0 && last?.status === 410) return pausedBecause.gone();
  if (dead >= size.dead) return pausedBecause.refuses(dead);
  if (!isTooLong(progress, now)) return undefined;
  return pausedBecause.silent(progress.failingSince ?? now, last?.fault ?? "");
}

async function pause(
  env: Env,
  db: Db,
  about: { webhook: string; title: string; host: string },
  reason: string,
  now: number,
): Promise<void> {
  if (!(await pauseWebhook(db, about.webhook, reason, now))) return;
  log({ event: "webhook.paused", ...about, reason });
  await announceServerEvent(env, { name: "webhook.paused", detail: { ...about, reason } }, now);
}
