import { DurableObject } from "cloudflare:workers";
import { fromBase64 } from "../base/bytes.ts";
import { causeMessage } from "../base/cause.ts";
import { withDeadline } from "../base/deadline.ts";
import { log, logFault } from "../base/log.ts";
import { day, minute } from "../base/time.ts";
import { countStates, deleteBatch, findPayload, setBatchState } from "../db/batches.ts";
import { listCommandsOf } from "../db/commands.ts";
import { openDb } from "../db/open.ts";
import { announceServerEvent } from "../events/announce.ts";
import { wakeListeners } from "../events/listeners.ts";
import { bringQueuedNews, type QueuedNews } from "../events/queued-news.ts";
import { masterKeys } from "../pki/master.ts";
import { openOwn } from "../pki/seal.ts";
import { batchPayloadContext } from "../pki/seal-contexts.ts";
import { readPlist } from "../plist/read.ts";
import type { PlistDict } from "../plist/value.ts";
import {
  afterFault,
  afterPage,
  afterWithdrawal,
  type BatchOrder,
  beginBatch,
  cancelBatch,
  isSamePage,
  isWaiting,
  type PageOutcome,
  type Progress,
  paceOf,
  retryInMs,
} from "./batch.ts";
import { type BatchStore, batchStore, type RefusalRow, type Tally } from "./batch-store.ts";
import type { Carry, Handover, Target, TargetOutcome } from "./fan-out.ts";

/** A batch as others see it. */
export type BatchReport = {
  order: BatchOrder;
  progress: Omit<Progress, "cursor" | "withdrawal">;
  /** Whether any work is left. */
  waits: boolean;
  /** Targets that are tried again. */
  failing: number;
  /** The outcomes of the commands, according to the directory at that time. */
  tally: Tally | undefined;
};

/** How long until an interrupted page is started again, even if its alarm was lost. */
const takenUpAgainMs = 60_000;
/** A page that takes longer than this is hanging. */
const longestPageMs = 4 * minute;
const mostAttempts = 6;
/** Counting fewer targets is quick enough to wait for. */
const fewTargets = 2_000;
const tallyFreshMs = 10_000;
/** When it first checks whether it is old enough to be deleted. */
const longRememberedMs = 30 * day;

// Every isolate loads this class, but few ever work on a batch.
const fanOut = () => import("./fan-out.ts");

/**
 * One command, or a push, for many channels. Each alarm does one page: it gives the command to each target of the page
 * and stores the results together with the cursor. After an interruption the page is done again; a channel that already
 * has the command keeps that one.
 */
export class Batch extends DurableObject<Env> {
  readonly #store: BatchStore;
  /** The page in progress. */
  #page: Promise<void> | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = batchStore(ctx.storage);
    ctx.blockConcurrencyWhile(async () => {
      if (this.#store.order() === undefined) return;
      const progress = this.#store.progress();
      if (!isWaiting(progress)) return;
      // An alarm that fired just before the process died does not come again, or the interrupted page set it to later.
      const armedFor = await ctx.storage.getAlarm();
      if (armedFor === null || armedFor > progress.dueAt) this.#armAt(progress.dueAt);
    });
  }

  /** Another call changes nothing. */
  async start(order: BatchOrder, ids: readonly string[]): Promise<BatchReport> {
    if (this.#store.order() === undefined) {
      const progress = beginBatch(order, Date.now());
      this.ctx.storage.transactionSync(() => this.#store.create(order, progress, ids));
      this.#armAt(progress.dueAt);
    }
    return this.#report(order);
  }

  /** Undefined: the batch is unknown. Reading also counts the outcomes, for this or the next reader. */
  async describe(): Promise<BatchReport | undefined> {
    const order = this.#store.order();
    if (order === undefined) return undefined;
    if (order.requestType === null) return this.#report(order);
    const { given } = this.#store.progress();
    const counted = this.#store.tally()?.at ?? 0;
    if (given <= fewTargets) await this.#count(order.id);
    else if (counted + tallyFreshMs < Date.now()) this.ctx.waitUntil(this.#count(order.id));
    return this.#report(order);
  }

  /** Gives no more commands and cancels those waiting in the queues of devices. False: the batch had already ended. */
  async cancel(by: string): Promise<BatchReport | undefined> {
    const order = this.#store.order();
    if (order === undefined) return undefined;
    const progress = this.#store.progress();
    if (progress.state === "cancelled") return this.#report(order);
    this.#keep(cancelBatch(progress, Date.now()));
    await this.#settle(order, "cancelled", { by });
    return this.#report(order);
  }

  async refusals(limit: number, after: readonly [string, string]): Promise<RefusalRow[]> {
    return this.#store.order() === undefined ? [] : this.#store.refusals(limit, after);
  }

  override async alarm(): Promise<void> {
    const order = this.#store.order();
    if (order === undefined) return;
    if (!isWaiting(this.#store.progress())) return this.#forgetWhenOld(order);
    // Set before the work begins and moved when it ends, because the alarm that fired does not come again.
    this.#armAt(Date.now() + takenUpAgainMs);
    this.#page ??= this.#doPage(order, this.#store.progress()).finally(() => {
      this.#page = undefined;
    });
    await this.#page;
  }

  /** Always ends and never throws, whatever happens to the page. */
  async #doPage(order: BatchOrder, before: Progress): Promise<void> {
    const work = () =>
      before.state === "cancelled" ? this.#withdraw(order, before) : this.#give(order, before);
    const late = () => new Error(`the page did not end within ${longestPageMs} ms`);
    try {
      await withDeadline(longestPageMs, work, late);
    } catch (fault) {
      logFault("batch.page_failed", fault, {
        batch: order.id,
        page: before.pages,
        faults: before.faults + 1,
      });
      const present = this.#store.progress();
      if (isSamePage(before, present)) this.#keep(afterFault(present, causeMessage(fault), Date.now()));
    }
  }

  async #give(order: BatchOrder, before: Progress): Promise<void> {
    if (before.state === "held") await setBatchState(openDb(this.env.DB), order.id, "running");
    const { handToAll } = await fanOut();
    const { size, waitMs } = paceOf(order.rate);
    const { targets, next } = before.lastPageDone
      ? { targets: await this.#failedBefore(size), next: null }
      : await this.#nextTargets(order, before, size);
    const news: QueuedNews[] = [];
    const outcomes = await handToAll(targets, await this.#handover(order, (some) => news.push(...some)));
    // Before the page counts: one that is done again hands out its news again.
    if (news.length > 0) {
      const listeners = await bringQueuedNews(openDb(this.env.DB), news);
      void wakeListeners(this.env, listeners);
    }
    const after = this.ctx.storage.transactionSync(() => {
      // Only the page that began here counts: one that ended too late is done again and counts then.
      if (this.#store.progress().pages !== before.pages) return before;
      const page = { ...this.#settleTargets(outcomes), next, laterAt: this.#store.nextLaterAt() };
      return this.#keep(afterPage(this.#store.progress(), page, waitMs, Date.now()));
    });
    if (after.state === "done") await this.#settle(order, "done", {});
  }

  async #nextTargets(order: BatchOrder, { cursor }: Progress, size: number) {
    const { targetsAmong, targetsOf } = await fanOut();
    const db = openDb(this.env.DB);
    if ("filters" in order.targets && "after" in cursor) {
      const { trustedIdentifiers } = await import("../admin/trusted-identifiers.ts");
      const identifiers = await trustedIdentifiers(this.env, Date.now());
      return targetsOf(db, { ...order.targets.filters, identifiers }, cursor, size);
    }
    const from = "at" in cursor ? cursor.at : 0;
    const ids = this.#store.ids(from, from + size);
    const total = "count" in order.targets ? order.targets.count : 0;
    const next = from + ids.length < total && ids.length > 0 ? { at: from + ids.length } : null;
    return { targets: await targetsAmong(db, ids), next };
  }

  async #failedBefore(size: number): Promise<Target[]> {
    const rows = this.#store.laterDue(Date.now(), size);
    const ids = rows.map(({ device_id, user_id }) => (user_id ? `${device_id}:${user_id}` : device_id));
    return (await fanOut()).targetsAmong(openDb(this.env.DB), ids);
  }

  /** Each target counts once, even if its page is repeated: the counts are stored together with the cursor. */
  #settleTargets(outcomes: readonly TargetOutcome[]): Pick<PageOutcome, "given" | "refused"> {
    const now = Date.now();
    let [given, refused] = [0, 0];
    for (const outcome of outcomes) {
      const { deviceId: device_id, userId: user_id } = outcome.target;
      const attempts = this.#store.attemptsOf(device_id, user_id) + 1;
      if ("fault" in outcome && attempts < mostAttempts) {
        const due_at = now + retryInMs(attempts - 1);
        this.#store.putLater({ device_id, user_id, attempts, due_at, fault: outcome.fault });
        continue;
      }
      this.#store.dropLater(device_id, user_id);
      if ("result" in outcome && outcome.result.ok) {
        given += 1;
        continue;
      }
      const { reason, detail } = whyNot(outcome);
      this.#store.refuse({ device_id, user_id, reason, detail: detail.slice(0, 500), at: now });
      refused += 1;
    }
    return { given, refused };
  }

  async #withdraw(order: BatchOrder, before: Progress): Promise<void> {
    const { withdrawal } = before;
    if (withdrawal === null) return;
    const { takeBackFromAll } = await fanOut();
    const { size } = paceOf(null);
    const { rows } = await listCommandsOf(openDb(this.env.DB), order.id, size, withdrawal.after ?? undefined);
    const waiting = rows.filter(({ state }) => state === "queued" || state === "not_now");
    const [fault] = await takeBackFromAll(this.env, order.id, waiting);
    // Targets that did not answer are tried again, a limited number of times.
    if (fault !== undefined && before.faults + 1 < mostAttempts) throw new Error(fault);
    const last = rows.length === size ? rows.at(-1) : undefined;
    const present = this.#store.progress();
    if (!isSamePage(before, present)) return;
    this.#keep(afterWithdrawal(present, last ? [last.deviceId, last.userId] : null, Date.now()));
  }

  /** Updates the list of batches and the log of events; the object itself is already updated. */
  async #settle(order: BatchOrder, state: "done" | "cancelled", more: { by?: string }): Promise<void> {
    const { given, refused, pages } = this.#store.progress();
    const about = { batch: order.id, request_type: order.requestType ?? "push", given, refused };
    log({ event: `batch.${state}`, ...about, pages });
    const db = openDb(this.env.DB);
    try {
      await setBatchState(db, order.id, state);
      await announceServerEvent(
        this.env,
        { name: `batch.${state}`, detail: { ...about, ...more } },
        Date.now(),
      );
    } catch (fault) {
      // The list of batches may be late; reading one batch asks its object.
      logFault("batch.not_told", fault, { batch: order.id, state });
    }
  }

  async #count(id: string): Promise<void> {
    try {
      this.#store.setTally({ states: await countStates(openDb(this.env.DB), id), at: Date.now() });
    } catch (fault) {
      logFault("batch.not_counted", fault, { batch: id });
    }
  }

  async #handover(order: BatchOrder, carry: Carry): Promise<Handover> {
    const { commandHandover, pushHandover } = await fanOut();
    const { requestType } = order;
    return requestType === null
      ? pushHandover(this.env)
      : commandHandover(this.env, order, requestType, await this.#payload(order), carry);
  }

  async #payload({ id }: BatchOrder): Promise<PlistDict> {
    const stored = await findPayload(openDb(this.env.DB), id);
    if (stored === undefined) throw new Error(`the payload of batch ${id} is missing`);
    const sealed = fromBase64(stored) ?? new Uint8Array();
    const read = readPlist(await openOwn(await masterKeys(this.env), batchPayloadContext(id), sealed));
    if (!read.ok || !(read.value instanceof Map))
      throw new Error(`the payload of batch ${id} cannot be read`);
    return read.value;
  }

  #report(order: BatchOrder): BatchReport {
    const whole = this.#store.progress();
    const { cursor: _cursor, withdrawal: _withdrawal, ...progress } = whole;
    return {
      order,
      progress,
      waits: isWaiting(whole),
      failing: this.#store.laterCount(),
      tally: order.requestType === null ? this.#pushTally(whole) : this.#store.tally(),
    };
  }

  /** Pushes are not queued anywhere, so only this object knows their outcomes. */
  #pushTally({ given }: Progress): Tally {
    return {
      states: { ...this.#store.refusalReasons(), ...(given > 0 && { delivered: given }) },
      at: Date.now(),
    };
  }

  #keep(progress: Progress): Progress {
    this.#store.setProgress(progress);
    if (isWaiting(progress)) this.#armAt(progress.dueAt);
    else this.#armAt(Date.now() + longRememberedMs);
    return progress;
  }

  /** A batch is kept exactly as long as the headers of its commands. */
  async #forgetWhenOld({ id, createdAt }: BatchOrder): Promise<void> {
    const { loadSettings } = await import("../admin/settings.ts");
    const keptUntil = createdAt + (await loadSettings(this.env, Date.now())).events_days * day;
    if (keptUntil > Date.now()) return this.#armAt(keptUntil);
    await deleteBatch(openDb(this.env.DB), id);
    await this.ctx.storage.deleteAll();
  }

  // Not awaited: the alarm is part of the same write as its work.
  #armAt(at: number): void {
    void this.ctx.storage.setAlarm(at);
  }
}

const whyNot = (outcome: TargetOutcome): { reason: string; detail: string } => {
  if ("fault" in outcome) return { reason: "not-delivered", detail: outcome.fault };
  return outcome.result.ok ? { reason: "", detail: "" } : outcome.result.refusal;
};

export const batchObject = (env: Env, id: string): DurableObjectStub<Batch> => env.BATCH.getByName(id);
