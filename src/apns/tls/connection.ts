import type { ByteStream } from "../byte-stream.ts";
import { closeNotify, TlsFailure } from "./failure.ts";
import { type TrafficSecrets, trafficKeys, updatedSecret } from "./key-schedule.ts";
import { buildKeyUpdate, handshakeTypes, type Message, messageName, parseKeyUpdate } from "./messages.ts";
import { protection13 } from "./protection.ts";
import { contentTypes } from "./record.ts";
import type { Suite } from "./suites.ts";
import type { Wire } from "./wire.ts";

/** The most messages in a row after the handshake that cost work without a use: tickets and changes of keys. */
const maxLateMessages = 32;

/** A TLS connection after its handshake: application data, and the later messages of TLS 1.3 (RFC 8446 section 4.6). */
export class TlsConnection implements ByteStream {
  readonly suite: Suite;
  readonly #wire: Wire;
  /** undefined in TLS 1.2, which has no such messages. */
  readonly #secrets: TrafficSecrets | undefined;
  #lateMessages = 0;
  /** Even if the server asks several times, it gets one answer, before our next data (RFC 8446 section 4.6.3). */
  #owesKeyUpdate = false;
  #ownUpdate: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(wire: Wire, suite: Suite, secrets: TrafficSecrets | undefined) {
    this.#wire = wire;
    this.suite = suite;
    this.#secrets = secrets;
  }

  /** Application data; undefined after the server's close_notify. Throws `TlsFailure` on everything else. */
  async read(): Promise<Uint8Array | undefined> {
    if (this.#isOver) return undefined;
    try {
      for (;;) {
        const record = await this.#wire.readRecord();
        if (record === undefined) return undefined;
        if (record.type === contentTypes.applicationData) {
          this.#lateMessages = 0;
          return record.content;
        }
        this.#wire.addToMessages(record);
        for (let late = this.#wire.takeLateMessage(); late; late = this.#wire.takeLateMessage()) {
          await this.#takeLate(late);
        }
      }
    } catch (failure) {
      if (this.#isOver) return undefined;
      this.#isOver = true;
      if (failure instanceof TlsFailure) await this.#tell(failure);
      await this.#wire.close();
      throw failure;
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#owesKeyUpdate && this.#secrets !== undefined) {
      this.#owesKeyUpdate = false;
      this.#ownUpdate = this.#updateOwnKeys(this.#secrets);
    }
    await this.#ownUpdate;
    await this.#wire.write(contentTypes.applicationData, bytes);
  }

  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    // A server that reads no more bytes must not block us: closing the stream ends the write.
    const patience = setTimeout(() => void this.#wire.close(), goodbyeMs);
    await this.#wire.writeAlert(closeNotify).catch(() => {});
    clearTimeout(patience);
    await this.#wire.close();
  }

  async #takeLate(message: Message): Promise<void> {
    if (this.#secrets === undefined) {
      throw new TlsFailure(
        "renegotiation",
        `the server wants another handshake (${messageName(message.type)})`,
      );
    }
    if (++this.#lateMessages > maxLateMessages) {
      throw new TlsFailure(
        "unexpected-message",
        `more than ${maxLateMessages} messages in a row that bring nothing`,
      );
    }
    if (message.type === handshakeTypes.newSessionTicket) return;
    if (message.type !== handshakeTypes.keyUpdate) {
      throw new TlsFailure("unexpected-message", `${messageName(message.type)} after the handshake`);
    }
    if (parseKeyUpdate(message.body).isAnswerWanted) this.#owesKeyUpdate = true;
    await this.#updateTheirKeys(this.#secrets);
  }

  async #updateTheirKeys(secrets: TrafficSecrets): Promise<void> {
    secrets.server = await updatedSecret(this.suite.hash, secrets.server);
    this.#wire.protectReading(await protection13(await trafficKeys(this.suite, secrets.server)));
  }

  async #updateOwnKeys(secrets: TrafficSecrets): Promise<void> {
    secrets.client = await updatedSecret(this.suite.hash, secrets.client);
    const keys = await protection13(await trafficKeys(this.suite, secrets.client));
    await this.#wire.write(contentTypes.handshake, buildKeyUpdate(), keys);
  }

  async #tell({ alert }: TlsFailure): Promise<void> {
    if (alert !== undefined) await this.#wire.writeAlert(alert).catch(() => {});
  }
}

const goodbyeMs = 200;
