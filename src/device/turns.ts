import type { NewEvent } from "../events/event.ts";
import { isDelivered, type PushAnswer } from "../wake/answer.ts";
import { askGateway } from "../wake/ask-gateway.ts";
import type { Alarm } from "./alarm.ts";
import { askIntent, bearsOnIntent } from "./ask-intent.ts";
import type { Desk } from "./desk.ts";
import { Sequence, writeEvents } from "./outbox.ts";
import type { Store } from "./store.ts";
import { enrollmentOf, type Speech, type Turn, unlisted } from "./turn.ts";
import { keepAnswer, type Wake, wakeFor } from "./wake.ts";

/** What a device may make happen again and again by repeating itself. */
const repeating: ReadonlySet<string> = new Set([
  "device.refused",
  "command.result_ignored",
  "command.result_undecodable",
]);

/** A push that was taken and not followed by a visit: for so long it is on its way. */
const awaitedMs = 60_000;
const hour = 3_600_000;

type Surroundings = {
  ctx: DurableObjectState;
  /** Asked each time: a test may put another one in its place. */
  env: () => Env;
  store: Store;
  alarm: Alarm;
  deviceId: () => string;
};

/** How anything is done to the object: in turns that are stored whole or not at all, with their events and the alarm. */
export class Turns {
  readonly #around: Surroundings;
  readonly #sequence = new Sequence();
  /** What was told lately, and when. */
  readonly #told = new Map<string, number>();
  /** Channels that were woken and have not come yet, and when. */
  readonly #awaited = new Map<string, number>();
  #isForgotten = false;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** A device's turn. */
  take<Answer>(speech: Speech, decide: (turn: Turn) => Answer): Answer {
    const { store, alarm } = this.#around;
    const now = Date.now();
    return this.#wholly(() => {
      const device = store.exists() ? store.device() : undefined;
      const events: NewEvent[] = [];
      let isPlanned = false;
      const answer = decide({
        ...speech,
        proven: this.#isForgotten ? unlisted(speech.proven) : speech.proven,
        store,
        now,
        device,
        enrollment: enrollmentOf(store, speech.speaker.deviceId, device),
        tell: (event) => {
          if (this.#isWorthTelling(event, now)) events.push(event);
        },
        plan: () => {
          isPlanned = true;
          return alarm.soon(now);
        },
      });
      this.#conclude(events, isPlanned, now);
      return answer;
    });
  }

  /** An administrator's turn: like a device's, but nobody has to prove anything here. */
  desk<Answer>(act: (desk: Desk) => Answer): Answer {
    const { ctx, store, deviceId } = this.#around;
    const now = Date.now();
    const woken: string[] = [];
    const answer = this.#wholly(() => {
      const events: NewEvent[] = [];
      let isPlanned = false;
      const acted = act({
        store,
        deviceId: deviceId(),
        now,
        tell: (event) => {
          if (this.#isWorthTelling(event, now)) events.push(event);
        },
        wake: (userId) => void woken.push(userId),
        plan: () => {
          isPlanned = true;
        },
      });
      this.#conclude(events, isPlanned, now);
      return acted;
    });
    // Nobody waits for it, and should it be lost, the alarm finds that a command still waits.
    for (const userId of woken) ctx.waitUntil(this.#wakeUnlessAwaited(userId));
    return answer;
  }

  /** Asks for one push; `again`: for a channel that did not come. */
  async wake(wake: Wake, again: boolean): Promise<PushAnswer> {
    const { env, store } = this.#around;
    const answer = await askGateway(env(), wake);
    // It may have been told to forget everything meanwhile.
    if (store.exists()) this.desk((desk) => keepAnswer(desk, wake, answer, { again, random: Math.random() }));
    return answer;
  }

  /** The channel has come, and found nothing more. */
  hasCome(userId: string): void {
    this.#awaited.delete(userId);
  }

  /** From here on what a device was told of it, or of the directory, is not to be believed. */
  forget(): void {
    this.#isForgotten = true;
  }

  /** All of it is stored, or nothing. */
  #wholly<Answer>(act: () => Answer): Answer {
    const { ctx, store } = this.#around;
    try {
      return ctx.storage.transactionSync(act);
    } catch (fault) {
      store.reread();
      throw fault;
    }
  }

  /** Events are written with the change they tell of; the alarm delivers them. */
  #conclude(events: readonly NewEvent[], isPlanned: boolean, now: number): void {
    const { store, alarm } = this.#around;
    if (events.length === 0 && !isPlanned) return;
    writeEvents(store, this.#sequence, events, now);
    if (events.some(bearsOnIntent) && store.device().state === "enrolled")
      askIntent({ store, now, plan: () => {} });
    alarm.arm(now, events.length > 0);
  }

  /** A device that is refused tries again, for ever: one event an hour tells as much as a thousand. */
  #isWorthTelling(event: NewEvent, now: number): boolean {
    if (!repeating.has(event.name)) return true;
    const key = `${event.name} ${event.detail.reason ?? event.detail.uuid}`;
    if ((this.#told.get(key) ?? 0) + hour > now || this.#told.size > 100) return false;
    this.#told.set(key, now);
    return true;
  }

  /** A channel that was woken and has not come yet will find what was queued since. */
  async #wakeUnlessAwaited(userId: string): Promise<void> {
    const now = Date.now();
    const wake = wakeFor(this.#around.store.channel(userId));
    if (!wake.ok || (this.#awaited.get(userId) ?? 0) + awaitedMs > now) return;
    this.#awaited.set(userId, now);
    const answer = await this.wake(wake.value, false);
    if (!isDelivered(answer)) this.#awaited.delete(userId);
  }
}
