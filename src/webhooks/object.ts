import { DurableObject } from "cloudflare:workers";
import { logFault } from "../base/log.ts";
import { type EventRow, lastEventId } from "../db/events.ts";
import { openDb } from "../db/open.ts";
import { findWebhook, nextFor, type WebhookRow } from "../db/webhooks.ts";
import { serverId } from "../events/announce.ts";
import type { Answer } from "./client.ts";
import { healthy } from "./pace.ts";
import { type DeadRow, type LogEntry, type WebhookStore, webhookStore } from "./store.ts";
import { dueParcels, freshParcels, mostMessages, nextAt, partHeld, size } from "./turn.ts";
import { openWebhook } from "./webhook.ts";

/** The state of a target in its object. */
export type WebhookReport = {
  cursor: number;
  waiting: number;
  deadLetters: number;
  failingSince: number | null;
  retryAt: number | null;
};

/** How long until an interrupted turn is started again, even if its alarm was lost. */
const takenUpAgainMs = 60_000;
/** How long new events are collected. */
const gatherMs = 500;
const faultRetryMs = 30_000;
const slackGapMs = 1_100;

/** The code for sending is loaded when there is something to send. */
const sending = () => Promise.all([import("./deliver.ts"), import("./settle.ts"), import("./tell.ts")]);

/**
 * One target. It stores its position in the log of events; its alarm reads the next events and sends those for it.
 *
 * A turn writes once, at its end: position, retries and log together. An interrupted turn is done again, and the receiver
 * gets some messages twice, with the same ids.
 */
export class Webhook extends DurableObject<Env> {
  readonly #store: WebhookStore;
  /** A call came during a turn. */
  #woken = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = webhookStore(ctx.storage);
  }

  /** There are new events, or its settings have changed. */
  async wake(): Promise<void> {
    this.#woken = true;
    const retryAt = this.#store.exists() ? this.#store.progress().retryAt : 0;
    const at = Math.max(Date.now() + gatherMs, retryAt);
    const armed = await this.ctx.storage.getAlarm();
    if (armed === null || armed > at) await this.ctx.storage.setAlarm(at);
  }

  /** Forgets earlier failures: all waiting messages are tried now. */
  async resume(): Promise<void> {
    if (this.#store.exists()) {
      this.ctx.storage.transactionSync(() => {
        this.#store.hurry();
        this.#store.setProgress({ ...this.#store.progress(), ...healthy });
      });
    }
    await this.wake();
  }

  /** Sends a test message now, once, outside the queue. */
  async ping(by: string): Promise<Answer | undefined> {
    const row = await findWebhook(openDb(this.env.DB), this.#id());
    if (row === undefined) return undefined;
    const now = Date.now();
    const event: EventRow = {
      id: now,
      deviceId: serverId,
      seq: 0,
      name: "webhook.ping",
      userId: null,
      detail: { webhook: row.id, by },
      at: now,
    };
    const [{ deliverOnce }] = await sending();
    return deliverOnce(this.env, await openWebhook(this.env, row), event, `ping_${crypto.randomUUID()}`);
  }

  async report(): Promise<WebhookReport | undefined> {
    if (!this.#store.exists()) return undefined;
    const { cursor, failingSince, retryAt } = this.#store.progress();
    return {
      cursor,
      failingSince,
      retryAt: retryAt > Date.now() ? retryAt : null,
      waiting: this.#store.waitingCount(),
      deadLetters: this.#store.deadCount(),
    };
  }

  /** The latest attempts, newest first, before that position. */
  async deliveries(
    limit: number,
    onlyFailed: boolean,
    before = Number.MAX_SAFE_INTEGER,
  ): Promise<(LogEntry & { place: number })[]> {
    const entries = this.#store.exists() ? this.#store.log() : [];
    return entries
      .filter(({ place, fault }) => place < before && (!onlyFailed || fault !== null))
      .slice(0, limit);
  }

  async deadLetters(limit: number, before?: number): Promise<DeadRow[]> {
    return this.#store.exists() ? this.#store.dead(limit, before) : [];
  }

  /** Queues them again, as if never tried, and returns their number. Without ids: the oldest thousand. */
  async replayDead(eventIds: readonly number[] | undefined): Promise<number> {
    if (!this.#store.exists()) return 0;
    const chosen = eventIds
      ? eventIds.map((id) => this.#store.findDead(id)).filter((row) => row !== undefined)
      : this.#store.dead(size.dead);
    this.ctx.storage.transactionSync(() => {
      for (const { event, event_id } of chosen) {
        this.#store.putWaiting(JSON.parse(event) as EventRow, 0, 0);
        this.#store.dropDead(event_id);
      }
    });
    await this.wake();
    return chosen.length;
  }

  /** Moves to another position in the log of events. Waiting messages are dropped: they come again or are skipped. */
  async moveTo(cursor: number): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      const { moves } = this.#store.exists() ? this.#store.progress() : this.#store.create(cursor);
      this.#store.dropAllWaiting();
      this.#store.setProgress({ ...this.#store.progress(), ...healthy, cursor, moves: moves + 1 });
    });
    await this.wake();
  }

  /** The target was deleted. */
  async forget(): Promise<void> {
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + takenUpAgainMs);
    this.#woken = false;
    try {
      await this.#turn();
    } catch (fault) {
      logFault("webhook.turn_failed", fault, { webhook: this.#id() });
      await this.ctx.storage.setAlarm(Date.now() + faultRetryMs);
    }
  }

  async #turn(): Promise<void> {
    const db = openDb(this.env.DB);
    const before = this.#store.exists() ? this.#store.progress() : undefined;
    if (before === undefined) return this.#begin(await findWebhook(db, this.#id()));
    const wanted = this.#store.waitingCount() < size.waiting ? size.events : 0;
    const { row, events } = await nextFor(db, this.#id(), before.cursor, wanted);
    if (row === undefined) return this.forget();
    if (row.state === "paused") return this.ctx.storage.deleteAlarm();
    const [[{ deliver }, { settle }, { tell }], hook] = await Promise.all([
      sending(),
      openWebhook(this.env, row),
    ]);
    const most = mostMessages(hook, before);
    const due = dueParcels(this.#store, before.failures > 0, most, Date.now());
    const { fresh, cursor } = freshParcels(hook, events, before.cursor, most - due.length);
    const { free, held } = partHeld(this.#store, fresh, due);
    const delivered = await deliver(this.env, hook, [...due, ...free]);
    if (!this.#store.exists()) return;
    this.ctx.storage.transactionSync(() => settle(this.#store, before, cursor, delivered, held, Date.now()));
    await tell(this.env, hook, this.#store, events.length > 0, Date.now());
    const isMore = cursor < (events.at(-1)?.id ?? 0) || events.length === size.events;
    const pause = row.style === "slack" && delivered.tried.length > 0 ? slackGapMs : 0;
    await this.#arm(isMore, Date.now() + pause);
  }

  /** It begins at the position in its row. After a restore that position can be ahead of the new log. */
  async #begin(row: WebhookRow | undefined): Promise<void> {
    if (row === undefined) return this.forget();
    const last = await lastEventId(openDb(this.env.DB));
    this.#store.create(Math.min(row.cursor, last));
    await this.ctx.storage.setAlarm(Date.now());
  }

  async #arm(isMore: boolean, earliest: number): Promise<void> {
    if (!this.#store.exists()) return this.ctx.storage.deleteAlarm();
    const at = nextAt(this.#store.progress(), this.#store, isMore || this.#woken, Date.now());
    if (at === undefined) return this.ctx.storage.deleteAlarm();
    await this.ctx.storage.setAlarm(Math.max(at, earliest));
  }

  #id(): string {
    const { name } = this.ctx.id;
    if (name === undefined) throw new Error("a webhook's object must be called by its id");
    return name;
  }
}
