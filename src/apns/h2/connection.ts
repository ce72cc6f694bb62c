import { type Bytes, concat, fromUtf8, utf8 } from "../../base/bytes.ts";
import { BodySender } from "./body-sender.ts";
import { type ErrorCode, errorCodes, errorName, Http2Failure } from "./failure.ts";
import {
  buildFrame,
  buildReset,
  buildSettings,
  buildUint32,
  defaultMaxFrameSize,
  type Frame,
  FrameSplitter,
  flags,
  frameTypes,
  needLength,
  readUint31,
  readUint32,
  settingIds,
  unpadded,
} from "./frames.ts";
import { buildHeaderFrames, HeaderBlockReader } from "./header-block.ts";
import { HpackDecoder, HpackEncoder, maxHeaderListSize } from "./hpack.ts";
import { Output } from "./output.ts";
import { PeerSettings } from "./peer-settings.ts";
import { Pings } from "./pings.ts";
import { ResponseReader } from "./response.ts";
import type { HeaderField } from "./static-table.ts";
import { lastStreamId, type Stream, Streams } from "./streams.ts";
import { ReceiveWindow, SendWindow } from "./windows.ts";

/**
 * The client side of one HTTP/2 connection, RFC 9113: bytes of the server in, events and bytes for the server out.
 * No I/O, no clock, no promises; session.ts moves the bytes and keeps the time.
 *
 * Leaves to others: TLS, timeouts, waiting for a free stream.
 *
 * The surprise: an error of the server on one stream is an event; an error on the connection is thrown as `Http2Failure`,
 * and then only the GOAWAY in the output is left to send.
 */
export type Http2Event =
  | { event: "ready" }
  | { event: "response"; streamId: number; status: number; headers: ReadonlyMap<string, string>; body: Bytes }
  /** `isProcessed` false: the server promises that it did nothing with the request (RFC 9113 section 8.7). */
  | { event: "reset"; streamId: number; code: ErrorCode; isProcessed: boolean; detail: string }
  | { event: "going-away"; code: ErrorCode; debug: string }
  | { event: "pong" };

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/** Several times the frames that a thousand requests can cause before the first answer. */
const maxFramesWithoutAnswer = 10_000;

export class Http2Connection {
  #output = new Output();
  #splitter = new FrameSplitter(defaultMaxFrameSize);
  #encoder = new HpackEncoder();
  #decoder = new HpackDecoder();
  #settings = new PeerSettings();
  #receiveWindow = new ReceiveWindow();
  #streams = new Streams();
  #bodies = new BodySender(this.#streams, this.#settings, this.#output);
  #pings = new Pings();
  #framesWithoutAnswer = 0;
  #lastProcessable = lastStreamId;
  #isGoingAway = false;
  #headerBlocks = new HeaderBlockReader();
  #events: Http2Event[] = [];

  constructor() {
    const settings = buildSettings([
      [settingIds.ENABLE_PUSH, 0],
      [settingIds.MAX_HEADER_LIST_SIZE, maxHeaderListSize],
    ]);
    this.#output.say(concat([utf8(preface), settings]));
  }

  get openStreams(): number {
    return this.#streams.count;
  }

  /** No more requests on this connection; those in progress may still be answered. */
  get isGoingAway(): boolean {
    return this.#isGoingAway || this.#streams.areIdsUsedUp;
  }

  /** The server's limit; one stream until it has told us (it may allow fewer than the customary hundred). */
  get canOpenStream(): boolean {
    return !this.isGoingAway && this.#streams.count < this.#settings.maxConcurrentStreams;
  }

  openStream(headers: readonly HeaderField[], body: Uint8Array): number {
    if (!this.canOpenStream) throw new Error("no stream can be opened now: ask canOpenStream first");
    const stream: Stream = {
      response: new ResponseReader(),
      window: new SendWindow(this.#settings.initialWindowSize),
      unsent: body,
    };
    const streamId = this.#streams.open(stream);
    const head = { streamId, endsStream: body.length === 0, block: this.#encoder.encode(headers) };
    this.#output.say(...buildHeaderFrames(head, this.#settings.maxFrameSize));
    this.#bodies.send(streamId, stream);
    return streamId;
  }

  /** Cancels a request; its stream is free at once. */
  cancel(streamId: number): void {
    if (this.#streams.giveUp(streamId)) this.#output.say(buildReset(streamId, "CANCEL"));
  }

  ping(): void {
    this.#output.say(buildFrame(frameTypes.PING, 0, 0, this.#pings.next()));
  }

  goAway(code: ErrorCode, detail = ""): void {
    this.#isGoingAway = true;
    const payload = concat([buildUint32(0, errorCodes[code]), utf8(detail)]);
    this.#output.say(buildFrame(frameTypes.GOAWAY, 0, 0, payload));
  }

  /** The bytes to write now, all frames together. */
  takeOutput(): Bytes | undefined {
    return this.#output.take();
  }

  /** Throws `Http2Failure` when the server broke the protocol. */
  receive(chunk: Uint8Array): Http2Event[] {
    try {
      this.#splitter.push(chunk);
      for (let frame = this.#splitter.next(); frame; frame = this.#splitter.next()) this.#receiveFrame(frame);
    } catch (failure) {
      if (failure instanceof Http2Failure) this.goAway(failure.code, failure.message);
      throw failure;
    }
    return this.#takeEvents();
  }

  #takeEvents(): Http2Event[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #receiveFrame(frame: Frame): void {
    if (++this.#framesWithoutAnswer > maxFramesWithoutAnswer) {
      throw new Http2Failure("ENHANCE_YOUR_CALM", `${maxFramesWithoutAnswer} frames that answer nothing`);
    }
    if (!this.#settings.isReceived && !isSettings(frame)) {
      throw protocolError("the server did not begin with SETTINGS");
    }
    if (this.#headerBlocks.isInsideBlock && frame.type !== frameTypes.CONTINUATION) {
      throw protocolError(`frame of type ${frame.type} inside a header block`);
    }
    switch (frame.type) {
      case frameTypes.DATA:
        this.#receiveData(frame);
        return;
      case frameTypes.HEADERS:
      case frameTypes.CONTINUATION:
        this.#receiveHeaders(frame);
        return;
      case frameTypes.PRIORITY:
        needLength(frame, 5);
        if (frame.streamId === 0) throw protocolError("PRIORITY on stream 0");
        return;
      case frameTypes.RST_STREAM:
        this.#receiveReset(frame);
        return;
      case frameTypes.SETTINGS:
        this.#receiveSettings(frame);
        return;
      case frameTypes.PUSH_PROMISE:
        throw protocolError("PUSH_PROMISE, though push is switched off");
      case frameTypes.PING:
        this.#receivePing(frame);
        return;
      case frameTypes.GOAWAY:
        this.#receiveGoAway(frame);
        return;
      case frameTypes.WINDOW_UPDATE:
        this.#receiveWindowUpdate(frame);
        return;
      // Unknown types are extensions and ignored (section 4.1).
    }
  }

  #receiveData(frame: Frame): void {
    const stream = this.#streams.of(frame);
    const data = unpadded(frame);
    // Padding and data for cancelled streams count as well, because the server used its window for them.
    const increment = this.#receiveWindow.take(frame.payload.length);
    if (increment > 0) {
      this.#output.answer(buildFrame(frameTypes.WINDOW_UPDATE, 0, 0, buildUint32(increment)));
    }
    const endsStream = (frame.flags & flags.END_STREAM) !== 0;
    if (stream === undefined) {
      if (endsStream) this.#streams.end(frame.streamId);
      return;
    }
    const complaint = stream.response.data(data);
    if (complaint) {
      this.#refuseStream(frame.streamId, endsStream, "PROTOCOL_ERROR", complaint);
      return;
    }
    if (endsStream) this.#finishStream(frame.streamId, stream);
  }

  #receiveHeaders(frame: Frame): void {
    this.#streams.of(frame);
    const whole = this.#headerBlocks.take(frame);
    if (whole === undefined) return;
    const { streamId, endsStream, block } = whole;
    // Decoded even if nobody waits for it any more, because the tables of both sides must stay the same.
    const fields = this.#decoder.decode(block);
    const stream = this.#streams.get(streamId);
    if (stream === undefined) {
      if (endsStream) this.#streams.end(streamId);
      return;
    }
    const complaint = stream.response.headers(fields, endsStream);
    if (complaint) {
      this.#refuseStream(streamId, endsStream, "PROTOCOL_ERROR", complaint);
      return;
    }
    if (endsStream) this.#finishStream(streamId, stream);
  }

  #finishStream(streamId: number, stream: Stream): void {
    const response = stream.response.finish();
    if (typeof response === "string") {
      this.#refuseStream(streamId, true, "PROTOCOL_ERROR", response);
      return;
    }
    this.#streams.end(streamId);
    // Answered before it had the whole request: tell the server that the rest will not come.
    if (stream.unsent.length > 0) this.#output.answer(buildReset(streamId, "CANCEL"));
    this.#settle({ event: "response", streamId, ...response });
  }

  #receiveReset(frame: Frame): void {
    needLength(frame, 4);
    const stream = this.#streams.of(frame);
    this.#streams.end(frame.streamId);
    if (stream === undefined) return;
    const code = errorName(readUint32(frame.payload, 0));
    this.#settle({
      event: "reset",
      streamId: frame.streamId,
      code,
      isProcessed: code !== "REFUSED_STREAM",
      detail: `the server reset the stream: ${code}`,
    });
  }

  #receiveSettings(frame: Frame): void {
    if (frame.streamId !== 0) throw protocolError(`SETTINGS on stream ${frame.streamId}`);
    if (frame.flags & flags.ACK) {
      needLength(frame, 0);
      return;
    }
    const isFirst = !this.#settings.isReceived;
    const windowChange = this.#settings.apply(frame.payload);
    this.#output.answer(buildFrame(frameTypes.SETTINGS, flags.ACK, 0, new Uint8Array()));
    for (const [, stream] of this.#streams) stream.window.grow(windowChange);
    this.#bodies.sendWaiting();
    if (isFirst) this.#events.push({ event: "ready" });
  }

  #receivePing(frame: Frame): void {
    needLength(frame, 8);
    if (frame.streamId !== 0) throw protocolError(`PING on stream ${frame.streamId}`);
    if ((frame.flags & flags.ACK) === 0) {
      this.#output.answer(buildFrame(frameTypes.PING, flags.ACK, 0, frame.payload));
      return;
    }
    if (this.#pings.isAnswered(frame.payload)) this.#events.push({ event: "pong" });
  }

  #receiveGoAway(frame: Frame): void {
    if (frame.streamId !== 0) throw protocolError(`GOAWAY on stream ${frame.streamId}`);
    if (frame.payload.length < 8) throw new Http2Failure("FRAME_SIZE_ERROR", "GOAWAY of less than 8 bytes");
    const last = readUint31(frame.payload, 0);
    if (last > this.#lastProcessable) throw protocolError("GOAWAY that takes back an earlier one");
    this.#lastProcessable = last;
    this.#isGoingAway = true;
    const code = errorName(readUint32(frame.payload, 4));
    this.#events.push({ event: "going-away", code, debug: debugText(frame.payload.subarray(8)) });
    for (const [streamId] of [...this.#streams].filter(([id]) => id > last)) {
      this.#streams.giveUp(streamId);
      const detail = "the server went away before it saw the request";
      this.#settle({ event: "reset", streamId, code, isProcessed: false, detail });
    }
  }

  #receiveWindowUpdate(frame: Frame): void {
    needLength(frame, 4);
    const increment = readUint31(frame.payload, 0);
    if (frame.streamId === 0) {
      if (increment === 0) throw protocolError("WINDOW_UPDATE by 0");
      this.#bodies.grow(increment);
      return;
    }
    const stream = this.#streams.of(frame);
    if (stream === undefined) return;
    if (increment === 0) {
      this.#refuseStream(frame.streamId, false, "PROTOCOL_ERROR", "WINDOW_UPDATE by 0");
      return;
    }
    if (!stream.window.canGrow(increment)) {
      this.#refuseStream(frame.streamId, false, "FLOW_CONTROL_ERROR", "a window of more than 2^31-1");
      return;
    }
    stream.window.grow(increment);
    this.#bodies.send(frame.streamId, stream);
  }

  /** `isEnded`: the server sends nothing more on the stream. */
  #refuseStream(streamId: number, isEnded: boolean, code: ErrorCode, detail: string): void {
    if (isEnded) this.#streams.end(streamId);
    else this.#streams.giveUp(streamId);
    this.#output.answer(buildReset(streamId, code));
    this.#settle({ event: "reset", streamId, code, isProcessed: true, detail });
  }

  #settle(event: Http2Event): void {
    this.#framesWithoutAnswer = 0;
    this.#events.push(event);
  }
}

const isSettings = (frame: Frame): boolean =>
  frame.type === frameTypes.SETTINGS && (frame.flags & flags.ACK) === 0;

function debugText(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes.subarray(0, 1024));
  } catch {
    return "";
  }
}

const protocolError = (detail: string): Http2Failure => new Http2Failure("PROTOCOL_ERROR", detail);
