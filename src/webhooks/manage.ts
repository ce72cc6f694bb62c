import { logFault } from "../base/log.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { lastEventId } from "../db/events.ts";
import { openDb } from "../db/open.ts";
import { changeWebhook, deleteWebhook, insertWebhook, type WebhookRow } from "../db/webhooks.ts";
import { announceServerEvent } from "../events/announce.ts";
import { allowsLocal, checkAddress } from "./address.ts";
import { newSecret } from "./sign.ts";
import { openWebhook, sealPrivate } from "./webhook.ts";
import type { Private, Style } from "./webhook-values.ts";

/** How administrators manage targets. */
export const mostWebhooks = 50;

export type NewWebhook = {
  name: string;
  url: string;
  style: Style;
  topics: string[];
  includeSecrets: boolean;
  secret: string | undefined;
  hmacKey: string | undefined;
  /** It gets the events after this one; undefined: after the newest. */
  after: number | undefined;
};

export type WebhookChange = {
  name?: string;
  url?: string;
  topics?: string[];
  includeSecrets?: boolean;
  hmacKey?: string | null;
  state?: "active" | "paused";
};

export type WebhookRefusal =
  | { reason: "address-not-taken" | "no-messages"; field: string; detail: string }
  | { reason: "too-many" | "changed-meanwhile"; detail: string };

export async function createWebhook(
  env: Env,
  input: NewWebhook,
  by: string,
  now: number,
): Promise<Result<{ row: WebhookRow; private: Private }, WebhookRefusal>> {
  const address = checkUrl(env, input.url);
  if (!address.ok) return address;
  if (input.includeSecrets && input.style !== "nanomdm") return refuse(noMessages);
  const id = crypto.randomUUID();
  const held: Private = {
    url: address.value.href,
    secret: input.secret ?? newSecret(),
    ...(input.hmacKey !== undefined && { hmacKey: input.hmacKey }),
  };
  const db = openDb(env.DB);
  const row: WebhookRow = {
    id,
    name: input.name,
    style: input.style,
    topics: input.topics,
    host: address.value.host,
    sealed: await sealPrivate(env, id, held),
    includeSecrets: input.includeSecrets,
    state: "active",
    pausedReason: null,
    awakeUntil: 0,
    cursor: input.after ?? (await lastEventId(db)),
    failingSince: null,
    lastFault: null,
    deadLetters: 0,
    createdAt: now,
    createdBy: by,
    updatedAt: now,
  };
  if (!(await insertWebhook(db, row, mostWebhooks)))
    return refuse({ reason: "too-many", detail: `there are already ${mostWebhooks} webhooks; delete one` });
  await env.WEBHOOK.getByName(id).wake();
  return ok({ row, private: held });
}

export async function updateWebhook(
  env: Env,
  row: WebhookRow,
  { url, hmacKey, ...change }: WebhookChange,
  now: number,
): Promise<Result<WebhookRow, WebhookRefusal>> {
  const address = url === undefined ? undefined : checkUrl(env, url);
  if (address && !address.ok) return address;
  if (change.includeSecrets && row.style !== "nanomdm") return refuse(noMessages);
  const { private: before } = await openWebhook(env, row);
  const { hmacKey: known, ...rest } = before;
  const key = hmacKey === undefined ? known : (hmacKey ?? undefined);
  const held: Private = {
    ...rest,
    ...(address && { url: address.value.href }),
    ...(key !== undefined && { hmacKey: key }),
  };
  const changed = await changeWebhook(
    openDb(env.DB),
    row.id,
    {
      ...change,
      ...(change.state && { pausedReason: null }),
      ...(change.state === "active" && { failingSince: null, lastFault: null }),
      ...(address && { host: address.value.host }),
      sealed: await sealPrivate(env, row.id, held),
      updatedAt: now,
    },
    row.sealed,
  );
  if (changed === undefined) return refuse(changedMeanwhile);
  if (row.state === "paused" && changed.state === "active") {
    const detail = { webhook: row.id, title: row.name, host: changed.host };
    await announceServerEvent(env, { name: "webhook.resumed", detail }, now);
  }
  if (changed.state === "active") await env.WEBHOOK.getByName(row.id).resume();
  return ok(changed);
}

/** Both secrets sign until the old one ends. */
export async function rotateSecret(
  env: Env,
  row: WebhookRow,
  { secret, overlapMs }: { secret: string | undefined; overlapMs: number },
  now: number,
): Promise<Result<Private, WebhookRefusal>> {
  const { private: before } = await openWebhook(env, row);
  const { previous: _older, ...rest } = before;
  const held: Private = {
    ...rest,
    secret: secret ?? newSecret(),
    ...(overlapMs > 0 && { previous: { secret: before.secret, until: now + overlapMs } }),
  };
  const sealed = await sealPrivate(env, row.id, held);
  const changed = await changeWebhook(openDb(env.DB), row.id, { sealed, updatedAt: now }, row.sealed);
  return changed ? ok(held) : refuse(changedMeanwhile);
}

export async function removeWebhook(env: Env, id: string): Promise<boolean> {
  const isGone = await deleteWebhook(openDb(env.DB), id);
  try {
    if (isGone) await env.WEBHOOK.getByName(id).forget();
  } catch (fault) {
    // Its object sees the change at its next turn.
    logFault("webhook.not_forgotten", fault, { webhook: id });
  }
  return isGone;
}

function checkUrl(env: Env, url: string): Result<URL, WebhookRefusal> {
  const checked = checkAddress(url, allowsLocal(env));
  return checked.ok ? checked : refuse({ ...checked.refusal, field: "url" });
}

const noMessages: WebhookRefusal = {
  reason: "no-messages",
  field: "include_secrets",
  detail: "only the style nanomdm has messages of devices; there is nothing to include",
};

const changedMeanwhile: WebhookRefusal = {
  reason: "changed-meanwhile",
  detail: "another request has just changed this webhook; read it again",
};
