/**
 * What the device channel and user channels have in common: reports, conversations, and the check-ins that both may
 * send. A result that did not get a 2xx is kept and delivered again, byte for byte, at the start of the next conversation.
 */
import * as checkin from "./checkin.ts";
import {
  anError,
  type ChainLink,
  type Command,
  commandReport,
  idleReport,
  type Report,
  readCommand,
  type Status,
} from "./connect.ts";
import type { Bytes } from "./der.ts";
import type { Answer, Line, SendOptions } from "./line.ts";
import { dictionary, type Entries, messageBytes, plistOf } from "./plist.ts";
import type { InstalledProfile } from "./state.ts";

export type ConnectAnswer = Answer & { command: Command | undefined };

/** A report, and what the device does once the server has it. */
export type Reaction = Report & { afterwards?: () => Promise<void> };
export type Policy<Speaker> = (command: Command, speaker: Speaker) => Reaction | Promise<Reaction>;
export type Turn = { command: Command; report: Report };

/** The server did not answer a connect with 200. */
export class ConnectRefused extends Error {
  override readonly name = "ConnectRefused";

  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`the server answered a connect with ${answer.status}`);
    this.answer = answer;
  }
}

const longestConversation = 1000;

export abstract class Channel<Self = unknown> {
  /** Profiles installed through this channel, by PayloadIdentifier. */
  readonly profiles = new Map<string, InstalledProfile>();
  lastStatus: Status | undefined;
  unsent: Bytes | undefined;

  readonly line: Line;
  readonly policy: Policy<Self>;

  constructor(line: Line, policy: Policy<Self>) {
    this.line = line;
    this.policy = policy;
  }

  abstract get ids(): checkin.Ids;
  protected abstract get self(): Self;
  /** Macs say again what the command was. */
  protected abstract get echoesRequestType(): boolean;

  /** A device polls by itself when it can again, but only if NotNow was the last thing it said. */
  get pollsByItself(): boolean {
    return this.lastStatus === "NotNow";
  }

  async idle(extra: Entries = {}, options: SendOptions = {}): Promise<ConnectAnswer> {
    return this.#connect("Idle", messageBytes(idleReport(this.ids, extra)), options);
  }

  acknowledge(uuid: string, extra: Entries = {}): Promise<ConnectAnswer> {
    return this.report(uuid, { status: "Acknowledged", extra });
  }

  error(uuid: string, chain: readonly ChainLink[] = anError): Promise<ConnectAnswer> {
    return this.report(uuid, { status: "Error", chain });
  }

  notNow(uuid: string): Promise<ConnectAnswer> {
    return this.report(uuid, { status: "NotNow" });
  }

  formatError(uuid: string): Promise<ConnectAnswer> {
    return this.report(uuid, { status: "CommandFormatError" });
  }

  async report(uuid: string, report: Report, requestType?: string): Promise<ConnectAnswer> {
    const echo = this.echoesRequestType ? requestType : undefined;
    return this.#connect(report.status, messageBytes(commandReport(this.ids, uuid, report, echo)), {});
  }

  /** The kept result once more; Idle when none is kept. */
  redeliver(): Promise<ConnectAnswer> {
    return this.unsent && this.lastStatus ? this.#connect(this.lastStatus, this.unsent, {}) : this.idle();
  }

  /** Connects until the server has nothing more to say, reacting to each command as the policy does. */
  async converse(policy: Policy<Self> = this.policy, greeting: Entries = {}): Promise<Turn[]> {
    const turns: Turn[] = [];
    let answer = this.unsent ? await this.redeliver() : await this.idle(greeting);
    for (;;) {
      if (answer.status !== 200) throw new ConnectRefused(answer);
      if (!answer.command || !this.line.management) return turns;
      if (turns.length === longestConversation) {
        throw new Error(`${longestConversation} commands in one conversation: the server repeats itself`);
      }
      const { command } = answer;
      const { afterwards, ...report } = await policy(command, this.self);
      turns.push({ command, report });
      answer = await this.report(command.uuid, report, command.requestType);
      if (answer.status === 200) await afterwards?.();
    }
  }

  async #connect(status: Status, body: Bytes, options: SendOptions): Promise<ConnectAnswer> {
    this.lastStatus = status;
    if (status !== "Idle") this.unsent = body;
    const answer = await this.sendConnect(body, options);
    const delivered = answer.status >= 200 && answer.status < 300;
    if (delivered) this.unsent = undefined;
    return { ...answer, command: delivered ? readCommand(answer.body) : undefined };
  }

  protected sendConnect(body: Bytes, options: SendOptions): Promise<Answer> {
    return this.line.connect(body, options);
  }

  /** Any check-in, as these keys say; the messages of this channel come through here. */
  async checkIn(message: Entries, options: SendOptions = {}): Promise<Answer> {
    return this.line.checkIn(messageBytes(message), options);
  }

  /** Any body to the connect URL, and no opinion about the answer. */
  send(body: Entries | Bytes, options: SendOptions = {}): Promise<Answer> {
    return this.line.connect(body instanceof Uint8Array ? body : messageBytes(body as Entries), options);
  }

  async declarativeManagement(
    endpoint: string,
    data?: unknown,
    options: SendOptions = {},
  ): Promise<Answer & { json: unknown }> {
    const bytes =
      data === undefined || data instanceof Uint8Array
        ? data
        : new Uint8Array(Buffer.from(JSON.stringify(data)));
    const answer = await this.checkIn(checkin.declarativeManagement(this.ids, endpoint, bytes), options);
    const hasDocument = answer.status === 200 && answer.body.length > 0;
    return {
      ...answer,
      json: hasDocument ? JSON.parse(Buffer.from(answer.body).toString("utf8")) : undefined,
    };
  }

  async getToken(
    serviceType: string,
    parameters?: Readonly<Record<string, string>>,
  ): Promise<Answer & { tokenData: Bytes | undefined }> {
    const answer = await this.checkIn(checkin.getToken(this.ids, serviceType, parameters));
    return { ...answer, tokenData: dataAt(answer, "TokenData") };
  }
}

/** A data value of the answer's property list; undefined for an empty body, a missing key, an empty value. */
export function dataAt(answer: Answer, key: string): Bytes | undefined {
  if (answer.status !== 200 || answer.body.length === 0) return undefined;
  const value = dictionary(plistOf(answer.body), "the answer").get(key);
  return value instanceof Uint8Array && value.length > 0 ? new Uint8Array(value) : undefined;
}

export function stringAt(answer: Answer, key: string): string | undefined {
  if (answer.status !== 200 || answer.body.length === 0) return undefined;
  const value = dictionary(plistOf(answer.body), "the answer").get(key);
  return typeof value === "string" ? value : undefined;
}
