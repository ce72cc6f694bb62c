import { hour } from "../base/time.ts";
import type { DeviceEvent, NewEvent } from "../events/event.ts";
import { isDelivered, type PushAnswer } from "../push/answer.ts";
import { askGateway } from "../push/ask-gateway.ts";
import type { Alarm } from "./alarm/alarm.ts";
import { carriedBefore, gatherMs, patienceFor, Sequence, settledWithinMs } from "./alarm/outbox.ts";
import { lookPace } from "./desired/apps/decide.ts";
import { bearsOnDesiredState, requestReconcile } from "./desired/request-reconcile.ts";
import { keepPushAnswer, type PushTarget, pushTargetOf } from "./queue/push-again.ts";
import { carried } from "./store/outbox.ts";
import type { Store } from "./store/store.ts";
import { type DeviceTurn, enrollmentOf, type SignedMessage, type Turn, unlisted } from "./turn.ts";

/** Actions that a device could cause again and again by repeating a message, here or at another object. */
const repeating: ReadonlySet<string> = new Set([
  "device.refused",
  "command.result_ignored",
  "command.result_undecodable",
  "checkin.replayed",
  "serial_number.claimed",
]);

/** How long a push that Apple accepted counts as on its way, if the device has not connected. */
const awaitedMs = 60_000;

type Surroundings = {
  ctx: DurableObjectState;
  /** Read at each call: a test may replace it. */
  env: () => Env;
  store: Store;
  alarm: Alarm;
  deviceId: () => string;
  /** How long the event of a queued command may wait. */
  queuedMs: () => number;
};

/**
 * `mayOnlyRead`: most turns of its kind write nothing. `ends`: whether the exchange is over with that answer. `carry`: who
 * took this turn brings these events to the directory, if they are all that it must be told.
 */
type Kind<Answer> = {
  mayOnlyRead?: boolean;
  ends?: (answer: Answer) => boolean;
  carry?: (news: DeviceEvent[]) => void;
};

export type Owed = { results: boolean; news: boolean };

type Changes = {
  turn: Turn;
  events: NewEvent[];
  woken: string[];
  isPlanned: boolean;
  plannedAt: number;
  hasResult: boolean;
  areNone: () => boolean;
};

/** Every change of the object is a turn: stored completely or not at all, with its events and its alarm. */
export class Turns {
  readonly #around: Surroundings;
  readonly #sequence = new Sequence();
  /** Recent events and their times. */
  readonly #told = new Map<string, number>();
  /** Channels that were woken and have not connected yet, with the time. */
  readonly #awaited = new Map<string, number>();
  #isForgotten = false;
  /** What turns leave for later is done right after them. */
  isAttended = false;
  /** What was left since it was last asked. The object may have slept since, and its process may have ended. */
  #owed: Owed = { results: true, news: true };

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** A device's turn. */
  takeDeviceTurn<Answer>(
    signed: SignedMessage,
    decide: (turn: DeviceTurn) => Answer,
    kind: Kind<Answer> = {},
  ): Answer {
    const { store } = this.#around;
    const { channel } = signed;
    const proven = this.#isForgotten ? unlisted(signed.proven) : signed.proven;
    return this.#take((turn) => {
      const device = store.exists() ? store.device() : undefined;
      const enrollment = enrollmentOf(store, channel.deviceId, device);
      return decide({ ...turn, channel, proven, device, enrollment });
    }, kind);
  }

  /** A turn of an administrator or the alarm: no sender has to be verified. */
  takeTurn<Answer>(act: (turn: Turn) => Answer): Answer {
    return this.#take(act, {});
  }

  /** The same; `carry`: takes the events to the directory, if nothing else must be told. */
  takeCarriedTurn<Answer>(act: (turn: Turn) => Answer, carry: (news: DeviceEvent[]) => void): Answer {
    return this.#take(act, { carry });
  }

  /** The same, of an administrator who only asks. */
  look<Answer>(act: (turn: Turn) => Answer): Answer {
    return this.#take(act, { mayOnlyRead: true });
  }

  /** Asks for one push; `again`: for a channel that did not connect. */
  async wake(wake: PushTarget, again: boolean): Promise<PushAnswer> {
    const { env, store } = this.#around;
    const answer = await askGateway(env(), wake);
    // In the meantime everything may have been deleted.
    if (store.exists())
      this.takeTurn((turn) => keepPushAnswer(turn, wake, answer, { again, random: Math.random() }));
    return answer;
  }

  /** The channel has connected, and no command is left. */
  hasCome(userId: string): void {
    this.#awaited.delete(userId);
  }

  /** The object has woken, and its alarm is for something else. */
  owesNothing(): void {
    this.#owed = { results: false, news: false };
  }

  /** Whether there may be results to read or events to deliver. */
  takeOwed(): Owed {
    const owed = this.#owed;
    this.owesNothing();
    return owed;
  }

  /** From now on, earlier answers about this object or the directory are out of date. */
  forget(): void {
    this.#isForgotten = true;
  }

  /**
   * Stores everything or nothing; then it wakes channels. A transaction costs as much as the statements of a turn that only
   * reads: such a turn is tried without one, and begins again in one when it wants to write.
   */
  #take<Answer>(act: (turn: Turn) => Answer, { mayOnlyRead, ends, carry }: Kind<Answer>): Answer {
    const { ctx, store } = this.#around;
    const sent = store.sentInMemory.present();
    if (mayOnlyRead) {
      const tried = store.reading(() => {
        const changes = this.#changes();
        return { answer: act(changes.turn), isOver: changes.areNone() };
      });
      if (tried?.answer.isOver) return tried.answer.answer;
      store.sentInMemory.restore(sent);
    }
    const changes = this.#changes();
    let answer: Answer;
    try {
      answer = ctx.storage.transactionSync(() => {
        const acted = act(changes.turn);
        const isCarried = carry !== undefined && this.#carryNews(changes, carry);
        if (!isCarried) this.#conclude(changes, this.isAttended || ends?.(acted) === true);
        return acted;
      });
    } catch (fault) {
      store.reread();
      store.sentInMemory.restore(sent);
      throw fault;
    }
    // Not awaited: if the push is lost, the alarm finds that a command still waits.
    for (const userId of changes.woken) ctx.waitUntil(this.#wakeUnlessAwaited(userId));
    return answer;
  }

  /** What a turn asks for besides its writes. */
  #changes(): Changes {
    const { env, store, alarm, deviceId } = this.#around;
    const now = Date.now();
    const changes: Changes = {
      events: [],
      woken: [],
      isPlanned: false,
      plannedAt: Number.POSITIVE_INFINITY,
      hasResult: false,
      areNone: () => changes.events.length + changes.woken.length === 0 && !changes.isPlanned,
      turn: {
        store,
        deviceId: deviceId(),
        now,
        lookPace: lookPace(env()),
        tell: (event) => void changes.events.push(event),
        wake: (userId) => void changes.woken.push(userId),
        plan: () => {
          changes.isPlanned = true;
          return alarm.soon(now);
        },
        planAt: (at) => {
          changes.plannedAt = Math.min(changes.plannedAt, at);
        },
        readSoon: () => {
          changes.hasResult = true;
          return alarm.soon(now);
        },
      },
    };
    return changes;
  }

  /**
   * Events are written with their change. At the end of an exchange they are delivered, and results read, while the object
   * is open. The alarm of a minute later is for a process that ends before; once they are delivered it is put off.
   */
  #conclude({ events: told, isPlanned, hasResult, turn: { now } }: Changes, endsExchange: boolean): void {
    const { store, alarm } = this.#around;
    const events = told.filter((event) => this.#isWorthTelling(event, now));
    if (events.length === 0 && !isPlanned && !hasResult) return;
    const patienceMs = patienceFor(events, this.#around.queuedMs());
    this.#sequence.write(store, events, now, now + patienceMs);
    const reconciles = events.some(bearsOnDesiredState) && store.device().state === "enrolled";
    if (reconciles) requestReconcile({ store, now, plan: () => {} });
    const mustArm = isPlanned || reconciles;
    this.#owed = { results: this.#owed.results || hasResult, news: true };
    const isSettled = endsExchange && !mustArm;
    const inMs = isSettled ? settledWithinMs : mustArm || hasResult ? gatherMs : patienceMs;
    alarm.arm(now, events.length > 0 || hasResult ? inMs : undefined);
  }

  /** False: the object must tell by itself. So it is for one without an alarm, which nothing would ever wake again. */
  #carryNews({ events, isPlanned, plannedAt, turn }: Changes, carry: (news: DeviceEvent[]) => void): boolean {
    const { store, alarm } = this.#around;
    if (isPlanned || !alarm.isSet()) return false;
    const before = carriedBefore(store, events);
    if (before === undefined) return false;
    carry([...before, ...this.#sequence.write(store, events, turn.now, carried)]);
    if (plannedAt < Number.POSITIVE_INFINITY) alarm.armAt(plannedAt);
    return true;
  }

  /** A refused device tries again without end: one event an hour says as much as a thousand. */
  #isWorthTelling(event: NewEvent, now: number): boolean {
    if (!repeating.has(event.name)) return true;
    const key = `${event.name} ${event.detail.reason ?? event.detail.uuid ?? event.detail.message_type}`;
    if ((this.#told.get(key) ?? 0) + hour > now || this.#told.size > 100) return false;
    this.#told.set(key, now);
    return true;
  }

  /** A channel that was woken and has not connected yet will also find commands queued since then. */
  async #wakeUnlessAwaited(userId: string): Promise<void> {
    const now = Date.now();
    const wake = pushTargetOf(this.#around.store.channel(userId));
    if (!wake.ok || (this.#awaited.get(userId) ?? 0) + awaitedMs > now) return;
    this.#awaited.set(userId, now);
    const answer = await this.wake(wake.value, false);
    if (!isDelivered(answer)) this.#awaited.delete(userId);
  }
}
