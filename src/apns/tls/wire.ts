import { type Bytes, concat } from "../../base/bytes.ts";
import type { ByteStream } from "../byte-stream.ts";
import { closeNotify, failureOfAlert, TlsFailure, userCanceled } from "./failure.ts";
import { digest } from "./hmac.ts";
import { buildMessage, handshakeTypes, type Message, messageName } from "./messages.ts";
import type { Protection } from "./protection.ts";
import {
  contentTypes,
  fragments,
  maxPlaintext,
  type Record,
  RecordSplitter,
  recordHeader,
} from "./record.ts";
import type { Hash } from "./suites.ts";

/**
 * Records and handshake messages over a stream of bytes, in both versions of TLS: cuts and joins them, protects them once
 * there are keys, understands alerts, and keeps the transcript of the handshake.
 *
 * Leaves to others: which message may come when, and which keys follow.
 *
 * The surprise: bytes left over when keys change are refused. They would have been sent under one key and be read under
 * another (RFC 8446 section 5.1).
 */
const maxMessageLength = 65_536;
const messageHeaderLength = 4;
/** Records that bring nothing: a server that sends more of them in a row wants to keep us busy. */
const maxIdleRecords = 32;

export class Wire {
  readonly #stream: ByteStream;
  readonly #splitter = new RecordSplitter();
  #messages: Uint8Array = new Uint8Array();
  #transcript: Uint8Array[] = [];
  #reading: Protection | undefined;
  #writing: Protection | undefined;
  #lastWrite: Promise<unknown> = Promise.resolve();
  /** TLS 1.3 until the server's Finished: such records are for boxes in between (RFC 8446 section 5). */
  ignoresChangeCipherSpec = false;
  #isHandshakeOver = false;

  constructor(stream: ByteStream) {
    this.#stream = stream;
  }

  /** Everything said in the handshake so far. */
  get transcript(): Bytes {
    return concat(this.#transcript);
  }

  transcriptHash(hash: Hash): Promise<Bytes> {
    return digest(hash, this.transcript);
  }

  /** TLS 1.3 looks like 1.2 to boxes in between (RFC 8446 appendix D.4): ChangeCipherSpec is said once, and ignored. */
  async disguise(): Promise<void> {
    if (this.ignoresChangeCipherSpec) return;
    this.ignoresChangeCipherSpec = true;
    await this.writeChangeCipherSpec();
  }

  /** The server wants another hello: the first counts as its hash from now on (RFC 8446 section 4.4.1). */
  async startOver(hash: Hash): Promise<void> {
    const [first = new Uint8Array(), ...rest] = this.#transcript;
    this.#transcript = [
      buildMessage(handshakeTypes.messageHash, await digest(hash, concat([first]))),
      ...rest,
    ];
  }

  /** The handshake is over: application data may come, and messages are no longer remembered. */
  endHandshake(): void {
    this.#isHandshakeOver = true;
    this.#transcript = [];
  }

  protectReading(protection: Protection): void {
    if (this.#messages.length > 0) {
      throw new TlsFailure("unexpected-message", "a handshake message that goes on after the keys changed");
    }
    this.#reading = protection;
  }

  /** Holds for what is written from now on. */
  protectWriting(protection: Protection): Promise<void> {
    return this.#serially(async () => {
      this.#writing = protection;
    });
  }

  /** The next message of the handshake, which must be one of those named. */
  async readMessage(...types: number[]): Promise<Message> {
    let message = this.#takeMessage();
    while (message === undefined) {
      const record = await this.readRecord();
      if (record === undefined)
        throw new TlsFailure("cut-off", "the server said goodbye inside the handshake");
      this.addToMessages(record);
      message = this.#takeMessage();
    }
    if (!types.includes(message.type)) {
      const wanted = types.map(messageName).join(" or ");
      throw new TlsFailure("unexpected-message", `${messageName(message.type)} where ${wanted} belongs`);
    }
    this.#transcript.push(message.bytes);
    return message;
  }

  addToMessages({ type, content }: Record): void {
    if (type !== contentTypes.handshake) {
      throw new TlsFailure("unexpected-message", `a record of type ${type} inside the handshake`);
    }
    if (content.length === 0) throw new TlsFailure("unexpected-message", "an empty handshake record");
    this.#messages = concat([this.#messages, content]);
  }

  /** Whole messages that have come after the handshake. */
  takeLateMessage(): Message | undefined {
    return this.#takeMessage();
  }

  /** TLS 1.2: the server switches to its keys. */
  async readChangeCipherSpec(): Promise<void> {
    if (this.#messages.length > 0) {
      throw new TlsFailure("unexpected-message", "handshake messages where ChangeCipherSpec belongs");
    }
    const record = await this.readRecord();
    if (record?.type !== contentTypes.changeCipherSpec || !isChangeCipherSpec(record)) {
      throw new TlsFailure("unexpected-message", "something else where ChangeCipherSpec belongs");
    }
  }

  /** The next record that has something to say; undefined when the server says goodbye. */
  async readRecord(): Promise<Record | undefined> {
    for (let idle = 0; idle <= maxIdleRecords; idle++) {
      const received = await this.#nextRecord();
      if (this.ignoresChangeCipherSpec && isChangeCipherSpec(received)) continue;
      const record = this.#reading ? await this.#reading.open(received) : checked(received);
      if (record.type === contentTypes.alert) {
        if (isGoodbye(record)) return undefined;
        continue;
      }
      if (this.#messages.length > 0 && record.type !== contentTypes.handshake) {
        throw new TlsFailure("unexpected-message", "another record inside a handshake message");
      }
      const isData = this.#isHandshakeOver && record.type === contentTypes.applicationData;
      if (!isData || record.content.length > 0) return record;
    }
    throw new TlsFailure(
      "unexpected-message",
      `more than ${maxIdleRecords} records in a row that bring nothing`,
    );
  }

  /** Messages of ours, in as few records as they fit. */
  async writeMessages(...messages: Bytes[]): Promise<void> {
    this.#transcript.push(...messages);
    await this.write(contentTypes.handshake, concat(messages));
  }

  writeChangeCipherSpec(): Promise<void> {
    return this.write(contentTypes.changeCipherSpec, Uint8Array.of(1));
  }

  writeAlert(description: number): Promise<void> {
    const warning = 1;
    const fatal = 2;
    const level = description === closeNotify ? warning : fatal;
    return this.write(contentTypes.alert, Uint8Array.of(level, description));
  }

  /** All records of the content leave in one write. `keysAfter` hold from the next write on. */
  write(type: number, content: Uint8Array, keysAfter?: Protection): Promise<void> {
    return this.#serially(async () => {
      const records: Bytes[] = [];
      for (const fragment of fragments(content)) {
        records.push(
          this.#writing
            ? await this.#writing.seal(type, fragment)
            : concat([recordHeader(type, fragment.length), fragment]),
        );
      }
      if (keysAfter) this.#writing = keysAfter;
      await this.#writeBytes(concat(records));
    });
  }

  /** What the server had to say before the connection broke: an alert that is still on its way to us explains more. */
  async lastAlert(): Promise<TlsFailure | undefined> {
    try {
      while (await this.readRecord());
    } catch (failure) {
      if (failure instanceof TlsFailure && failure.isAlert) return failure;
    }
    return undefined;
  }

  close(): Promise<void> {
    return this.#stream.close();
  }

  async #nextRecord(): Promise<Record> {
    for (;;) {
      const record = this.#splitter.next();
      if (record) return record;
      const chunk = await this.#readChunk();
      if (chunk === undefined) throw new TlsFailure("cut-off", "the connection ended without a goodbye");
      this.#splitter.push(chunk);
    }
  }

  async #readChunk(): Promise<Uint8Array | undefined> {
    try {
      return await this.#stream.read();
    } catch (cause) {
      throw new TlsFailure("cut-off", "the connection broke", { cause });
    }
  }

  async #writeBytes(bytes: Bytes): Promise<void> {
    try {
      await this.#stream.write(bytes);
    } catch (cause) {
      throw new TlsFailure("cut-off", "the connection broke", { cause });
    }
  }

  #takeMessage(): Message | undefined {
    const pending = this.#messages;
    const [type, high = 0, middle = 0, low = 0] = pending;
    if (type === undefined || pending.length < messageHeaderLength) return undefined;
    const length = (high << 16) | (middle << 8) | low;
    if (length > maxMessageLength) {
      throw new TlsFailure(
        "malformed",
        `${messageName(type)} of ${length} bytes, ${maxMessageLength} allowed`,
      );
    }
    const end = messageHeaderLength + length;
    if (pending.length < end) return undefined;
    this.#messages = pending.subarray(end);
    return { type, body: pending.subarray(messageHeaderLength, end), bytes: pending.subarray(0, end) };
  }

  /** Records are numbered: they must be sealed one after the other, and leave in that order. */
  #serially(step: () => Promise<void>): Promise<void> {
    const done = this.#lastWrite.then(step);
    this.#lastWrite = done.catch(() => {});
    return done;
  }
}

const isChangeCipherSpec = ({ type, content }: Record): boolean =>
  type === contentTypes.changeCipherSpec && content.length === 1 && content[0] === 1;

function checked(record: Record): Record {
  if (record.content.length > maxPlaintext) {
    throw new TlsFailure("record-too-long", `a record of ${record.content.length} bytes`);
  }
  return record;
}

/** False for the one alert that says nothing; every other one is thrown, whatever level it claims. */
function isGoodbye({ content }: Record): boolean {
  const description = content[1];
  if (content.length !== 2 || description === undefined) {
    throw new TlsFailure("malformed", `an alert of ${content.length} bytes`);
  }
  if (description === closeNotify) return true;
  if (description === userCanceled) return false;
  throw failureOfAlert(description);
}
