import { type Bytes, concat } from "../../base/bytes.ts";
import { type ErrorCode, errorCodes, Http2Failure } from "./failure.ts";

/**
 * HTTP/2 frames, RFC 9113 sections 4 and 6: bytes to frames and back.
 *
 * Leaves to others: what a frame means (connection.ts). Sizes are checked here as far as the frame alone tells.
 */
export const frameTypes = {
  DATA: 0x0,
  HEADERS: 0x1,
  PRIORITY: 0x2,
  RST_STREAM: 0x3,
  SETTINGS: 0x4,
  PUSH_PROMISE: 0x5,
  PING: 0x6,
  GOAWAY: 0x7,
  WINDOW_UPDATE: 0x8,
  CONTINUATION: 0x9,
} as const;

/** END_STREAM and ACK share a bit: no frame type knows both. */
export const flags = { END_STREAM: 0x1, ACK: 0x1, END_HEADERS: 0x4, PADDED: 0x8, PRIORITY: 0x20 } as const;

export const settingIds = {
  HEADER_TABLE_SIZE: 0x1,
  ENABLE_PUSH: 0x2,
  MAX_CONCURRENT_STREAMS: 0x3,
  INITIAL_WINDOW_SIZE: 0x4,
  MAX_FRAME_SIZE: 0x5,
  MAX_HEADER_LIST_SIZE: 0x6,
} as const;

export type Frame = { type: number; flags: number; streamId: number; payload: Uint8Array };

const headerLength = 9;

/** We never raise SETTINGS_MAX_FRAME_SIZE, so a longer frame is an error of the server's. */
export const defaultMaxFrameSize = 16_384;
export const largestMaxFrameSize = 0xff_ffff;
export const largestWindow = 0x7fff_ffff;

export function buildFrame(type: number, frameFlags: number, streamId: number, payload: Uint8Array): Bytes {
  const bytes = new Uint8Array(headerLength + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, (payload.length << 8) | type);
  view.setUint8(4, frameFlags);
  view.setUint32(5, streamId);
  bytes.set(payload, headerLength);
  return bytes;
}

export const buildUint32 = (...values: number[]): Bytes => {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value);
  return bytes;
};

export const buildReset = (streamId: number, code: ErrorCode): Bytes =>
  buildFrame(frameTypes.RST_STREAM, 0, streamId, buildUint32(errorCodes[code]));

export function buildSettings(settings: readonly (readonly [id: number, value: number])[]): Bytes {
  const payload = new Uint8Array(settings.length * 6);
  const view = new DataView(payload.buffer);
  for (const [index, [id, value]] of settings.entries()) {
    view.setUint16(index * 6, id);
    view.setUint32(index * 6 + 2, value);
  }
  return buildFrame(frameTypes.SETTINGS, 0, 0, payload);
}

export function parseSettings(payload: Uint8Array): [id: number, value: number][] {
  if (payload.length % 6 !== 0) {
    throw new Http2Failure("FRAME_SIZE_ERROR", `SETTINGS of ${payload.length} bytes is no multiple of 6`);
  }
  const view = viewOf(payload);
  return Array.from({ length: payload.length / 6 }, (_, index) => [
    view.getUint16(index * 6),
    view.getUint32(index * 6 + 2),
  ]);
}

export const readUint32 = (bytes: Uint8Array, at: number): number => viewOf(bytes).getUint32(at);

/** The 31 bits of a stream id or a window; the top bit is reserved and ignored. */
export const readUint31 = (bytes: Uint8Array, at: number): number => readUint32(bytes, at) & 0x7fff_ffff;

export function needLength({ type, payload }: Frame, length: number): void {
  if (payload.length === length) return;
  throw new Http2Failure(
    "FRAME_SIZE_ERROR",
    `frame of type ${type} has ${payload.length} bytes, not ${length}`,
  );
}

/** The payload without its padding and, for HEADERS, without the priority fields nobody reads any more. */
export function unpadded(frame: Frame): Uint8Array {
  let start = 0;
  let padding = 0;
  if (frame.flags & flags.PADDED) {
    padding = frame.payload[0] ?? -1;
    start = 1;
  }
  if (frame.type === frameTypes.HEADERS && frame.flags & flags.PRIORITY) start += 5;
  if (padding < 0 || start > frame.payload.length) {
    throw new Http2Failure("FRAME_SIZE_ERROR", `frame of type ${frame.type} is too short for its flags`);
  }
  if (start + padding > frame.payload.length) {
    throw new Http2Failure("PROTOCOL_ERROR", `${padding} bytes of padding exceed the frame`);
  }
  return frame.payload.subarray(start, frame.payload.length - padding);
}

/** Cuts a stream of bytes into frames, wherever the network cut it. */
export class FrameSplitter {
  readonly #maxFrameSize: number;
  #pending: Uint8Array = new Uint8Array();

  constructor(maxFrameSize: number) {
    this.#maxFrameSize = maxFrameSize;
  }

  push(chunk: Uint8Array): void {
    this.#pending = this.#pending.length === 0 ? chunk : concat([this.#pending, chunk]);
  }

  next(): Frame | undefined {
    const bytes = this.#pending;
    if (bytes.length < headerLength) return undefined;
    const view = viewOf(bytes);
    const length = view.getUint32(0) >>> 8;
    if (length > this.#maxFrameSize) {
      throw new Http2Failure("FRAME_SIZE_ERROR", `frame of ${length} bytes, ${this.#maxFrameSize} allowed`);
    }
    const end = headerLength + length;
    if (bytes.length < end) return undefined;
    this.#pending = bytes.subarray(end);
    return {
      type: view.getUint8(3),
      flags: view.getUint8(4),
      streamId: view.getUint32(5) & 0x7fff_ffff,
      payload: bytes.subarray(headerLength, end),
    };
  }
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
