import { ok, type Result, refuse } from "../../base/result.ts";
import type { ByteStream } from "../byte-stream.ts";
import { Http2Connection, type Http2Event } from "./connection.ts";
import type { Response } from "./response.ts";
import type { HeaderField } from "./static-table.ts";

/**
 * One HTTP/2 connection in use: moves its bytes over a stream, matches answers to requests, makes requests wait for a
 * free stream, and cancels those that take too long.
 *
 * Leaves to others: opening the stream, and opening the next connection when this one has ended.
 *
 * The surprise: everything that is sent in one turn leaves in one write, so a thousand requests cost a few records.
 */
export type Http2Refusal =
  /** The server has not acted on it: send it again elsewhere. */
  | { reason: "not-sent"; detail: string; cause: unknown }
  /** Nobody knows whether the server acted on it. */
  | { reason: "unanswered"; detail: string; cause: unknown }
  | { reason: "timed-out"; detail: string; cause: undefined };

/** Why no more requests go out; `cause` is the error, where there was one. */
export type SessionEnd = { detail: string; cause: unknown };

export type SessionOptions = {
  /** For each request, from the call to its answer. */
  requestTimeoutMs: number;
  /** May be lower than the server's limit. */
  maxStreams: number;
};

type Waiting = {
  headers: readonly HeaderField[];
  body: Uint8Array;
  deadline: number;
  streamId: number | undefined;
  settle: (result: Result<Response, Http2Refusal>) => void;
};

/** The time for the last frames of either side, after a connection is broken or given up. */
const patienceMs = 500;

export class Http2Session {
  readonly #stream: ByteStream;
  readonly #options: SessionOptions;
  readonly #connection = new Http2Connection();
  /** In the order of the calls, which is the order of the deadlines. */
  readonly #requests = new Set<Waiting>();
  /** Those of them that wait for a stream. A set, since an array of thousands is slow to take its first from. */
  readonly #queue = new Set<Waiting>();
  readonly #byStream = new Map<number, Waiting>();
  #pongs: ((isAlive: boolean) => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastWord: ReturnType<typeof setTimeout> | undefined;
  #flushing: Promise<void> | undefined;
  #isBroken = false;
  #end: SessionEnd | undefined;
  #goingAway: SessionEnd | undefined;
  #announceReady: () => void = () => {};
  #announceEnd: (end: SessionEnd) => void = () => {};
  readonly #ready = new Promise<void>((resolve) => {
    this.#announceReady = resolve;
  });

  /** Settles when the connection is closed, by either side and for any reason; never rejects. */
  readonly ended = new Promise<SessionEnd>((resolve) => {
    this.#announceEnd = resolve;
  });

  private constructor(stream: ByteStream, options: SessionOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  /** Waits for the server's SETTINGS: before them nothing is known of it, not even whether it took our certificate. */
  static async open(stream: ByteStream, options: SessionOptions): Promise<Result<Http2Session, SessionEnd>> {
    const session = new Http2Session(stream, options);
    void session.#readAll();
    session.#flushSoon();
    const end = await Promise.race([session.#ready, session.ended]);
    return end === undefined ? ok(session) : refuse(end);
  }

  /** Whether a request made now would be sent. */
  get isUsable(): boolean {
    return this.#end === undefined && !this.#connection.isGoingAway;
  }

  /** Requests that have no answer yet, those that wait for a stream included. */
  get unanswered(): number {
    return this.#requests.size;
  }

  /** Why the server wants no more requests, once it said so. */
  get goingAway(): SessionEnd | undefined {
    return this.#goingAway;
  }

  request(headers: readonly HeaderField[], body: Uint8Array): Promise<Result<Response, Http2Refusal>> {
    if (!this.isUsable) {
      const spent = { detail: "this connection has used all its stream ids", cause: undefined };
      return Promise.resolve(refuse({ reason: "not-sent", ...(this.#end ?? this.#goingAway ?? spent) }));
    }
    return new Promise((settle) => {
      const deadline = Date.now() + this.#options.requestTimeoutMs;
      const waiting: Waiting = { headers, body, deadline, streamId: undefined, settle };
      this.#requests.add(waiting);
      this.#queue.add(waiting);
      this.#flushSoon();
      this.#watchDeadlines();
    });
  }

  /** Asks the server whether it is still there. */
  async ping(timeoutMs: number): Promise<boolean> {
    if (this.#end !== undefined) return false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const answer = new Promise<boolean>((resolve) => {
      this.#pongs.push(resolve);
      timer = setTimeout(() => resolve(false), timeoutMs);
    });
    this.#connection.ping();
    this.#flushSoon();
    const isAlive = await answer;
    clearTimeout(timer);
    return isAlive;
  }

  /** Sends GOAWAY and closes. Requests without an answer are refused. */
  async close(): Promise<void> {
    if (this.#end !== undefined) return;
    this.#connection.goAway("NO_ERROR");
    await this.#finish({ detail: "we closed the connection", cause: undefined });
  }

  async #readAll(): Promise<void> {
    try {
      for (let chunk = await this.#stream.read(); chunk; chunk = await this.#stream.read()) {
        for (const event of this.#connection.receive(chunk)) this.#take(event);
        if (this.#end !== undefined) return;
        if (this.#goingAway !== undefined && this.#byStream.size === 0) break;
        this.#flushSoon();
      }
      await this.#finish(this.#goingAway ?? { detail: "the server closed the connection", cause: undefined });
    } catch (cause) {
      const end = { detail: cause instanceof Error ? cause.message : String(cause), cause };
      await this.#finish(this.#goingAway ?? end);
    }
  }

  #take(event: Http2Event): void {
    switch (event.event) {
      case "ready":
        this.#announceReady();
        return;
      case "pong":
        this.#pongs.shift()?.(true);
        return;
      case "going-away":
        this.#stopSending({ detail: `the server went away: ${event.debug || event.code}`, cause: event });
        return;
      case "response":
        this.#settle(event.streamId, ok(event));
        return;
      case "reset": {
        const reason = event.isProcessed ? "unanswered" : "not-sent";
        this.#settle(event.streamId, refuse({ reason, detail: event.detail, cause: event }));
        return;
      }
    }
  }

  #stopSending(end: SessionEnd): void {
    this.#goingAway ??= end;
    for (const waiting of this.#queue) this.#answer(waiting, refuse({ reason: "not-sent", ...end }));
    this.#queue.clear();
  }

  #settle(streamId: number, result: Result<Response, Http2Refusal>): void {
    const waiting = this.#byStream.get(streamId);
    if (waiting === undefined) return;
    this.#byStream.delete(streamId);
    this.#answer(waiting, result);
  }

  #answer(waiting: Waiting, result: Result<Response, Http2Refusal>): void {
    this.#requests.delete(waiting);
    waiting.settle(result);
  }

  #openStreams(): void {
    for (const waiting of this.#queue) {
      if (this.#byStream.size >= this.#options.maxStreams || !this.#connection.canOpenStream) return;
      this.#queue.delete(waiting);
      waiting.streamId = this.#connection.openStream(waiting.headers, waiting.body);
      this.#byStream.set(waiting.streamId, waiting);
    }
  }

  #flushSoon(): void {
    if (this.#isBroken || this.#end !== undefined) return;
    this.#flushing ??= this.#flush();
  }

  /** One writer. What comes up while it writes goes out with its next write. */
  async #flush(): Promise<void> {
    try {
      // Lets the caller finish the turn in which it makes its requests.
      await Promise.resolve();
      while (this.#end === undefined) {
        this.#openStreams();
        const bytes = this.#connection.takeOutput();
        if (bytes === undefined) return;
        await this.#stream.write(bytes);
      }
    } catch (cause) {
      this.#isBroken = true;
      // The reader knows better why (a TLS alert may be on its way), so it is given the time to say so.
      const end = { detail: `cannot write: ${cause instanceof Error ? cause.message : cause}`, cause };
      if (this.#end === undefined) this.#lastWord = setTimeout(() => void this.#finish(end), patienceMs);
    } finally {
      // In the same turn in which it saw that nothing is left: a later call starts another writer.
      this.#flushing = undefined;
    }
  }

  #watchDeadlines(): void {
    if (this.#timer !== undefined) return;
    const [oldest] = this.#requests;
    if (oldest === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#giveUpLate();
        this.#watchDeadlines();
      },
      Math.max(0, oldest.deadline - Date.now()),
    );
  }

  #giveUpLate(): void {
    const now = Date.now();
    for (const waiting of this.#requests) {
      if (waiting.deadline > now) break;
      const { streamId } = waiting;
      this.#queue.delete(waiting);
      if (streamId !== undefined) {
        this.#connection.cancel(streamId);
        this.#byStream.delete(streamId);
      }
      const detail = `no answer within ${this.#options.requestTimeoutMs} ms`;
      this.#answer(waiting, refuse({ reason: "timed-out", detail, cause: undefined }));
    }
    if (this.#goingAway !== undefined && this.#byStream.size === 0) void this.#finish(this.#goingAway);
    else this.#flushSoon();
  }

  async #finish(end: SessionEnd): Promise<void> {
    if (this.#end !== undefined) return;
    this.#end = end;
    clearTimeout(this.#timer);
    clearTimeout(this.#lastWord);
    for (const waiting of [...this.#requests]) {
      const reason = waiting.streamId === undefined ? "not-sent" : "unanswered";
      this.#answer(waiting, refuse({ reason, ...end }));
    }
    this.#queue.clear();
    this.#byStream.clear();
    for (const resolve of this.#pongs.splice(0)) resolve(false);
    await this.#farewell();
    this.#announceEnd(end);
  }

  /** The last GOAWAY is optional: a server that is gone, or reads no more bytes, must not block us. */
  async #farewell(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([this.#sayGoodbye(), patience]);
    clearTimeout(timer);
    await this.#stream.close();
  }

  async #sayGoodbye(): Promise<void> {
    await this.#flushing;
    const bytes = this.#connection.takeOutput();
    if (bytes !== undefined && !this.#isBroken) await this.#stream.write(bytes).catch(() => {});
  }
}
