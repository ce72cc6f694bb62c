import type { Report } from "../mdm/report.ts";
import type { Work } from "./alarm/work.ts";
import { connect, type Offer, offerAnother } from "./queue/connect.ts";
import { onlyAsks } from "./queue/next-command.ts";
import { empty, type Reply } from "./reply.ts";
import type { SentCommand } from "./results/read-results.ts";
import type { DeviceKeys } from "./sealing.ts";
import type { QueueRow } from "./store/rows.ts";
import type { Store } from "./store/store.ts";
import { channelKey, type SignedMessage, type Turn } from "./turn.ts";
import type { Turns } from "./turns.ts";
import type { Vault } from "./vault.ts";

/** A device that is connected answers a question sooner. It is less than the time after which an idle object sleeps. */
const answerMs = 5_000;

/** A device need not wait until a larger answer is read. */
const largestReadAhead = 32 * 1024;

type Surroundings = {
  env: () => Env;
  waitUntil: (work: Promise<unknown>) => void;
  store: Store;
  keys: DeviceKeys;
  vault: Vault;
  turns: Turns;
  work: Work;
};

/** The device reports, gets the next command, answers it, and so on until nothing is left. */
export class Exchange {
  readonly #around: Surroundings;
  #lastQuestion: SentCommand | undefined;
  #answerIsLate: ReturnType<typeof setTimeout> | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  async report(signed: SignedMessage, report: Report): Promise<Reply> {
    const { keys, vault, turns, work, waitUntil } = this.#around;
    await keys.sealing();
    const answers = report.CommandUUID !== undefined && report.Status !== "NotNow";
    const result = answers ? await vault.sealResult(report.CommandUUID ?? "", signed.raw) : undefined;
    const keep = await this.#readAhead(signed, report);
    const outcome = turns.takeDeviceTurn(signed, (turn) => connect(turn, report, result, keep), {
      mayOnlyRead: report.CommandUUID === undefined,
      ends: (outcome) => !("sent" in outcome),
    });
    const reply = "instead" in outcome ? outcome.instead : await this.#deliver(signed, outcome);
    if (reply.kind !== "plist") waitUntil(work.settle());
    this.#awaitAnswer();
    return reply;
  }

  /** The answer to the question that has just left. Whatever prevents this, the alarm reads it as usual. */
  async #readAhead(
    { channel, raw }: SignedMessage,
    report: Report,
  ): Promise<((turn: Turn) => void) | undefined> {
    const sent = this.#lastQuestion;
    const isAnswer = sent?.uuid === report.CommandUUID && sent?.user_id === channelKey(channel);
    if (!sent || !isAnswer || report.Status !== "Acknowledged" || raw.length > largestReadAhead)
      return undefined;
    this.#lastQuestion = undefined;
    const { store, vault, env } = this.#around;
    try {
      const { keepResult, readAhead } = await import("./results/read-results.ts");
      const read = await readAhead(store, vault, env(), sent, raw);
      return read && ((turn) => keepResult(turn, read));
    } catch {
      return undefined;
    }
  }

  /** A command that does not open was not sent: it ends, and the next one is offered. */
  async #deliver(signed: SignedMessage, first: Offer): Promise<Reply> {
    const { vault, turns } = this.#around;
    let offer = first;
    while ("sent" in offer) {
      const { sent } = offer;
      const { uuid } = sent.command;
      const opened = await vault.tryCommand(uuid, sent.body);
      if (opened.ok) {
        const asks = onlyAsks(sent.command.request_type) && opened.value.length <= largestReadAhead;
        this.#lastQuestion = asks ? { ...sent.command, body: opened.value } : undefined;
        return { kind: "plist", uuid, body: opened.value };
      }
      const { reason, detail } = opened.refusal;
      if (reason === "unknown-master-key") await this.#onlyIfGivenUp(sent.command);
      offer = turns.takeDeviceTurn(signed, (turn) =>
        offerAnother(turn, sent, `its text does not open: ${detail}`),
      );
    }
    turns.hasCome(channelKey(signed.channel));
    return empty;
  }

  /** While its key may still be supplied, the command waits as if it had not been offered. */
  async #onlyIfGivenUp(command: QueueRow): Promise<void> {
    const { keys, store } = this.#around;
    try {
      await keys.mustHoldAll();
    } catch (fault) {
      if (store.exists()) store.markUnsent(command);
      throw fault;
    }
  }

  /** That a command was sent is written when its answer does not come, and the object has not slept yet. */
  #awaitAnswer(): void {
    const { store, turns } = this.#around;
    clearTimeout(this.#answerIsLate);
    if (store.sentInMemory.areNone()) return;
    this.#answerIsLate = setTimeout(() => {
      if (store.exists()) turns.takeTurn((turn) => turn.store.keepAllSent());
    }, answerMs);
  }
}
