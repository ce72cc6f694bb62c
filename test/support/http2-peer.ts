import type { ByteStream } from "../../src/apns/byte-stream.ts";
import {
  buildFrame,
  buildUint32,
  type Frame,
  FrameSplitter,
  flags,
  frameTypes,
  largestMaxFrameSize,
} from "../../src/apns/h2/frames.ts";
import { HpackEncoder } from "../../src/apns/h2/hpack.ts";
import type { HeaderField } from "../../src/apns/h2/static-table.ts";
import { type Bytes, concat } from "../../src/base/bytes.ts";

// The other end of an HTTP/2 connection, frame by frame: it says exactly what a test wants, right or wrong.

export const prefaceLength = 24;

export const settingsFrame = (...settings: [id: number, value: number][]): Bytes =>
  buildFrame(
    frameTypes.SETTINGS,
    0,
    0,
    concat(settings.map(([id, value]) => concat([Uint8Array.of(id >> 8, id), buildUint32(value)]))),
  );

/** Without a table, so that blocks can be sent in any order. */
export const headerBlock = (...fields: HeaderField[]): Bytes => new HpackEncoder().encode(fields);

export const headersFrame = (streamId: number, fields: HeaderField[], more = 0): Bytes =>
  buildFrame(frameTypes.HEADERS, flags.END_HEADERS | more, streamId, headerBlock(...fields));

export const dataFrame = (streamId: number, data: Uint8Array, more = 0): Bytes =>
  buildFrame(frameTypes.DATA, more, streamId, data);

export const goAwayFrame = (lastStreamId: number, code: number, debug = ""): Bytes =>
  buildFrame(
    frameTypes.GOAWAY,
    0,
    0,
    concat([buildUint32(lastStreamId, code), new TextEncoder().encode(debug)]),
  );

export const resetFrame = (streamId: number, code: number): Bytes =>
  buildFrame(frameTypes.RST_STREAM, 0, streamId, buildUint32(code));

export const windowUpdateFrame = (streamId: number, increment: number): Bytes =>
  buildFrame(frameTypes.WINDOW_UPDATE, 0, streamId, buildUint32(increment));

/** The frames of what a client wrote. */
export function framesOf(bytes: Uint8Array | undefined): Frame[] {
  const splitter = new FrameSplitter(largestMaxFrameSize);
  splitter.push(bytes ?? new Uint8Array());
  const frames: Frame[] = [];
  for (let frame = splitter.next(); frame; frame = splitter.next()) frames.push(frame);
  return frames;
}

/** A stream whose other end is in the test's hands. */
export class TestStream implements ByteStream {
  readonly written: Uint8Array[] = [];
  isClosed = false;
  /** Set to make writes wait, or fail. */
  beforeWrite: () => Promise<void> = async () => {};
  readonly #incoming: (Uint8Array | undefined | Error)[] = [];
  #wake: () => void = () => {};
  #onWrite: () => void = () => {};

  /** What the client reads next; undefined for the end. */
  say(...incoming: (Uint8Array | undefined | Error)[]): void {
    this.#incoming.push(...incoming);
    this.#wake();
  }

  /** Waits for something that the client has written. */
  async until(isThere: (all: Uint8Array) => boolean): Promise<void> {
    while (!isThere(concat(this.written))) {
      await new Promise<void>((resolve) => {
        this.#onWrite = resolve;
      });
    }
  }

  async read(): Promise<Uint8Array | undefined> {
    while (this.#incoming.length === 0 && !this.isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const next = this.#incoming.shift();
    if (next instanceof Error) throw next;
    return next;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.beforeWrite();
    if (this.isClosed) throw new Error("closed");
    this.written.push(bytes);
    this.#onWrite();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.#wake();
  }
}
