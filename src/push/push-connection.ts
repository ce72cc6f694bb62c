import { type PushOutcome, type PushRequest, unanswered } from "../apns/apns.ts";
import type { ApnsConnection, OpenRefusal } from "../apns/transport.ts";
import type { Result } from "../base/result.ts";
import { minute } from "../base/time.ts";
import type { PushAnswer } from "./answer.ts";

/**
 * The connection to Apple's service: opened when there is something to push, shared by all pushes, and closed after a
 * while without any. It decides when and how often a push is sent, and when to wait.
 *
 * Leaves to others: remembering failed pushes. The caller gets the outcome and asks again.
 *
 * The surprise: pushes to one token within a second become one, but the last of them is always sent. A device that the
 * first one woke may be asleep again before the reason for the second one.
 */
export type PushConnectionOptions = {
  open: () => Promise<Result<ApnsConnection, PushConnectionRefusal>>;
  /** The connection is closed after this time without a push. Read each time, because it is a setting. */
  idleMs: () => Promise<number>;
  now: () => number;
  pause: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  random: () => number;
};

export type PushConnectionRefusal = OpenRefusal | { reason: "no-certificate"; detail: string };

const togetherMs = 1_000;
const mostAttempts = 3;
const firstBackOffMs = 1_000;
const longestBackOffMs = 15 * minute;
/** How long a push waits for the connection; after that the caller must try again. */
const patienceMs = 5_000;
/** Certificates change once a year, and an upload resets the connection. */
const withoutCertificateMs = 60_000;
/** After a longer silence the connection is tested before its next use. */
const trustedSilenceMs = 30_000;
const pingMs = 5_000;

export class PushConnection {
  readonly #options: PushConnectionOptions;
  #connection: Promise<Result<ApnsConnection, PushConnectionRefusal>> | undefined;
  /** Until then nothing is sent, and this is the outcome. */
  #rest: { until: number; answer: PushAnswer } | undefined;
  #failures = 0;
  #underWay = 0;
  #lastAt = 0;
  #hangUp: ReturnType<typeof setTimeout> | undefined;
  /** By token: the push that is not sent yet, and the time of the last one. */
  readonly #waiting = new Map<string, Promise<PushAnswer>>();
  readonly #sentAt = new Map<string, number>();

  constructor(options: PushConnectionOptions) {
    this.#options = options;
  }

  push(token: string, request: PushRequest): Promise<PushAnswer> {
    const waiting = this.#waiting.get(token);
    if (waiting !== undefined) return waiting;
    const goesOut = (): void => {
      if (this.#waiting.get(token) === answer) this.#waiting.delete(token);
    };
    const answer = Promise.resolve().then(() => this.#push(token, request, goesOut));
    this.#waiting.set(token, answer);
    return answer;
  }

  /** Forgets all failures; the next push opens a new connection. */
  async reset(): Promise<void> {
    this.#rest = undefined;
    this.#failures = 0;
    await this.#close();
  }

  async #push(token: string, request: PushRequest, goesOut: () => void): Promise<PushAnswer> {
    this.#underWay++;
    clearTimeout(this.#hangUp);
    try {
      const { now, pause } = this.#options;
      const free = (this.#sentAt.get(token) ?? 0) + togetherMs;
      if (free > now()) await pause(free - now());
      return await this.#tryOften(request, () => {
        goesOut();
        this.#noteSent(token);
      });
    } finally {
      goesOut();
      this.#underWay--;
      this.#lastAt = this.#options.now();
      if (this.#underWay === 0) void this.#hangUpLater();
    }
  }

  /** A repeated push does no harm, so pushes on a lost connection are sent again at once. */
  async #tryOften(request: PushRequest, goesOut: () => void): Promise<PushAnswer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#try(request, goesOut);
      const isWorthIt =
        answer.outcome === "retry" &&
        answer.scope === "connection" &&
        answer.afterSeconds * 1000 < patienceMs;
      if (!isWorthIt || attempt === mostAttempts) return answer;
    }
  }

  async #try(request: PushRequest, goesOut: () => void): Promise<PushAnswer> {
    const { now, pause } = this.#options;
    const restMs = (this.#rest?.until ?? 0) - now();
    if (this.#rest !== undefined && restMs > patienceMs) return this.#rest.answer;
    if (restMs > 0) await pause(restMs);
    const opened = await this.#open();
    if (!opened.ok) return answerOf(opened.refusal);
    goesOut();
    const outcome = await opened.value.push(request);
    this.#learnFrom(outcome);
    return outcome;
  }

  async #open(): Promise<Result<ApnsConnection, PushConnectionRefusal>> {
    const standing = this.#connection;
    const opened = await standing;
    if (opened?.ok && (await this.#isAlive(opened.value))) return opened;
    // The first push that finds the connection dead closes it.
    if (this.#connection === standing) {
      this.#connection = undefined;
      if (opened?.ok) void opened.value.close();
    }
    this.#connection ??= this.#dial();
    return this.#connection;
  }

  async #dial(): Promise<Result<ApnsConnection, PushConnectionRefusal>> {
    const opened = await this.#options.open();
    if (!opened.ok) this.#restAfter(opened.refusal);
    return opened;
  }

  async #isAlive(connection: ApnsConnection): Promise<boolean> {
    if (!connection.isUsable) return false;
    const isFresh = this.#underWay > 1 || this.#lastAt + trustedSilenceMs > this.#options.now();
    return isFresh || connection.ping(pingMs);
  }

  /** What an outcome means for the connection, not only for its push. */
  #learnFrom(outcome: PushOutcome): void {
    switch (outcome.outcome) {
      case "certificate-trouble":
        this.#restFor(() => this.#backOff(withoutCertificateMs), outcome);
        return;
      case "retry":
        if (outcome.scope === "connection" && outcome.afterSeconds > 0)
          this.#restFor(() => this.#spread(outcome.afterSeconds * 1000), outcome);
        return;
      default:
        this.#failures = 0;
    }
  }

  #restAfter(refusal: PushConnectionRefusal): void {
    const answer = answerOf(refusal);
    if (answer.outcome === "no-certificate") this.#restFor(() => withoutCertificateMs, answer);
    else {
      const first = answer.outcome === "retry" ? firstBackOffMs : withoutCertificateMs;
      this.#restFor(() => this.#backOff(first), answer);
    }
  }

  /** Counted once: a thousand pushes that fail together are one failure. */
  #restFor(ms: () => number, answer: PushAnswer): void {
    const now = this.#options.now();
    if ((this.#rest?.until ?? 0) <= now) this.#rest = { until: now + ms(), answer };
  }

  #backOff(firstMs: number): number {
    const ms = Math.min(firstMs * 2 ** this.#failures, longestBackOffMs);
    this.#failures++;
    return this.#spread(ms);
  }

  /** At least half of it, the rest is random: what failed together must not be repeated together. */
  #spread(ms: number): number {
    return ms * (0.5 + this.#options.random() / 2);
  }

  #noteSent(token: string): void {
    const now = this.#options.now();
    // Oldest first: a token that is sent to again moves to the end.
    this.#sentAt.delete(token);
    this.#sentAt.set(token, now);
    for (const [other, at] of this.#sentAt) {
      if (at + togetherMs > now) break;
      this.#sentAt.delete(other);
    }
  }

  async #hangUpLater(): Promise<void> {
    const ms = await this.#options.idleMs();
    if (this.#underWay > 0) return;
    clearTimeout(this.#hangUp);
    this.#hangUp = setTimeout(() => void this.#close(), ms);
  }

  async #close(): Promise<void> {
    clearTimeout(this.#hangUp);
    const standing = this.#connection;
    this.#connection = undefined;
    const opened = await standing;
    if (opened?.ok) await opened.value.close();
  }
}

function answerOf(refusal: PushConnectionRefusal): PushAnswer {
  switch (refusal.reason) {
    case "no-certificate":
      return { outcome: "no-certificate", reason: refusal.detail };
    case "certificate-refused":
      return { outcome: "certificate-trouble", reason: refusal.detail };
    default:
      return unanswered(refusal.detail, 1);
  }
}
