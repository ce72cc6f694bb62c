import * as v from "valibot";
import type { WebhookRow } from "../../../db/webhooks.ts";
import type { Answer } from "../../../webhooks/client.ts";
import type { WebhookReport } from "../../../webhooks/object.ts";
import type { DeadRow, LogEntry } from "../../../webhooks/store.ts";
import { type Private, styles } from "../../../webhooks/webhook-values.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { secret } from "./new-webhook.ts";

/** How webhooks look in requests and answers. */
const wholeNumber = v.pipe(v.number(), v.integer());

export const Webhook = v.pipe(
  v.object({
    id: v.string(),
    name: v.string(),
    style: v.picklist(styles),
    host: v.pipe(
      v.string(),
      v.description("The host of the address; the rest is shown only with the secrets"),
    ),
    topics: v.array(v.string()),
    include_secrets: v.boolean(),
    state: v.picklist(["active", "paused"]),
    paused_reason: v.pipe(v.nullable(v.string()), v.description("Why the server paused it")),
    failing_since: v.pipe(TimeOrNull, v.description("Since then the receiver has accepted nothing")),
    last_fault: v.pipe(
      v.nullable(v.string()),
      v.description("While it fails: the error of the last attempt"),
    ),
    dead_letters: v.pipe(wholeNumber, v.description("Messages that were given up")),
    created_at: Time,
    created_by: v.string(),
    updated_at: Time,
  }),
  v.title("Webhook"),
);

const Secrets = {
  url: v.string(),
  secret: v.pipe(v.string(), v.description("The signing secret, as in Standard Webhooks")),
  previous_secret_until: v.pipe(
    TimeOrNull,
    v.description("Until then messages are also signed with the earlier secret"),
  ),
  hmac_key: v.pipe(v.nullable(v.string()), v.description("The key for NanoMDM's header")),
};

export const CreatedWebhook = v.pipe(v.object({ ...Webhook.entries, ...Secrets }), v.title("CreatedWebhook"));

export const WebhookDetail = v.pipe(
  v.object({
    ...Webhook.entries,
    ...Object.fromEntries(Object.entries(Secrets).map(([name, schema]) => [name, v.optional(schema)])),
    progress: v.object({
      after: v.pipe(wholeNumber, v.description("The last event that was handled or waits")),
      waiting: v.pipe(
        wholeNumber,
        v.description("Messages that are tried again, and those waiting behind them"),
      ),
      dead_letters: wholeNumber,
      next_attempt_at: v.pipe(TimeOrNull, v.description("The time of the next attempt, while it fails")),
    }),
  }),
  v.title("WebhookDetail"),
);

export const NewSecret = v.pipe(
  v.strictObject({
    overlap_hours: v.optional(
      v.pipe(
        wholeNumber,
        v.minValue(0),
        v.maxValue(168),
        v.description("How many hours messages are also signed with the old secret"),
      ),
      24,
    ),
    secret: v.optional(secret),
  }),
  v.title("NewWebhookSecret"),
);

export const Delivery = v.pipe(
  v.object({
    at: Time,
    event_id: wholeNumber,
    event: v.string(),
    device_id: v.nullable(v.string()),
    attempt: wholeNumber,
    delivered: v.boolean(),
    status: v.pipe(
      v.nullable(wholeNumber),
      v.description("The status of the receiver's answer; null: it did not answer"),
    ),
    detail: v.pipe(v.nullable(v.string()), v.description("What went wrong")),
    ms: wholeNumber,
  }),
  v.title("WebhookDelivery"),
);

export const DeadLetter = v.pipe(
  v.object({
    event_id: wholeNumber,
    event: v.string(),
    device_id: v.nullable(v.string()),
    attempts: wholeNumber,
    detail: v.pipe(v.string(), v.description("The error of the last attempt")),
    at: v.pipe(Time, v.description("When it happened")),
    given_up_at: Time,
  }),
  v.title("WebhookDeadLetter"),
);

export const PingOutcome = v.pipe(
  v.object({
    delivered: v.boolean(),
    status: v.nullable(wholeNumber),
    detail: v.nullable(v.string()),
    ms: wholeNumber,
  }),
  v.title("WebhookPing"),
);

export const presentWebhook = (row: WebhookRow): v.InferInput<typeof Webhook> => ({
  id: row.id,
  name: row.name,
  style: row.style,
  host: row.host,
  topics: row.topics,
  include_secrets: row.includeSecrets,
  state: row.state,
  paused_reason: row.pausedReason,
  failing_since: isoTimeOrNull(row.failingSince),
  last_fault: row.lastFault,
  dead_letters: row.deadLetters,
  created_at: isoTime(row.createdAt),
  created_by: row.createdBy,
  updated_at: isoTime(row.updatedAt),
});

export const presentSecrets = ({ url: address, secret: key, previous, hmacKey: hmac }: Private) => ({
  url: address,
  secret: key,
  previous_secret_until: isoTimeOrNull(previous?.until ?? null),
  hmac_key: hmac ?? null,
});

export const presentProgress = (row: WebhookRow, report: WebhookReport | undefined) => ({
  after: report?.cursor ?? row.cursor,
  waiting: report?.waiting ?? 0,
  dead_letters: report?.deadLetters ?? 0,
  next_attempt_at: isoTimeOrNull(report?.retryAt ?? null),
});

export const presentDelivery = (entry: LogEntry): v.InferInput<typeof Delivery> => ({
  at: isoTime(entry.at),
  event_id: entry.eventId,
  event: entry.name,
  device_id: entry.deviceId || null,
  attempt: entry.attempt,
  delivered: entry.fault === null,
  status: entry.status,
  detail: entry.fault,
  ms: entry.ms,
});

export function presentDeadLetter(row: DeadRow): v.InferInput<typeof DeadLetter> {
  const event = JSON.parse(row.event) as { name: string; deviceId: string; at: number };
  return {
    event_id: row.event_id,
    event: event.name,
    device_id: event.deviceId || null,
    attempts: row.attempts,
    detail: row.fault,
    at: isoTime(event.at),
    given_up_at: isoTime(row.died_at),
  };
}

export const presentPing = ({ status, fault, ms }: Answer): v.InferInput<typeof PingOutcome> => ({
  delivered: fault === null,
  status,
  detail: fault,
  ms,
});
