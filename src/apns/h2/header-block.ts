import { type Bytes, concat } from "../../base/bytes.ts";
import { Http2Failure } from "./failure.ts";
import { buildFrame, type Frame, flags, frameTypes, unpadded } from "./frames.ts";
import { maxHeaderListSize } from "./hpack.ts";

/** Header blocks over the frames that carry them, RFC 9113 section 4.3: HEADERS, then CONTINUATIONs and nothing between. */
export type HeaderBlock = { streamId: number; endsStream: boolean; block: Bytes };

// A block this long, or in this many pieces, is an attack on our memory or patience and not a reply.
const maxBlockLength = 2 * maxHeaderListSize;
const maxPieces = 16;

export class HeaderBlockReader {
  #open: { streamId: number; endsStream: boolean; pieces: Uint8Array[]; length: number } | undefined;

  /** Until the block ends, nothing else may come on the whole connection. */
  get isInsideBlock(): boolean {
    return this.#open !== undefined;
  }

  /** Takes a HEADERS or CONTINUATION frame; answers the block when it is whole. */
  take(frame: Frame): HeaderBlock | undefined {
    const { streamId } = frame;
    if (frame.type === frameTypes.HEADERS) {
      const endsStream = (frame.flags & flags.END_STREAM) !== 0;
      this.#open = { streamId, endsStream, pieces: [], length: 0 };
    }
    const open = this.#open;
    if (open?.streamId !== streamId)
      throw new Http2Failure("PROTOCOL_ERROR", "CONTINUATION of no header block");
    const piece = frame.type === frameTypes.HEADERS ? unpadded(frame) : frame.payload;
    open.pieces.push(piece);
    open.length += piece.length;
    if (open.length > maxBlockLength || open.pieces.length > maxPieces) {
      throw new Http2Failure("ENHANCE_YOUR_CALM", `a header block of ${open.length} bytes that does not end`);
    }
    if ((frame.flags & flags.END_HEADERS) === 0) return undefined;
    this.#open = undefined;
    return { streamId, endsStream: open.endsStream, block: concat(open.pieces) };
  }
}

export function buildHeaderFrames(
  { streamId, endsStream, block }: HeaderBlock,
  maxFrameSize: number,
): Bytes[] {
  const frames: Bytes[] = [];
  for (let at = 0; at === 0 || at < block.length; at += maxFrameSize) {
    const isFirst = at === 0;
    const isLast = at + maxFrameSize >= block.length;
    const frameFlags = (isLast ? flags.END_HEADERS : 0) | (isFirst && endsStream ? flags.END_STREAM : 0);
    const type = isFirst ? frameTypes.HEADERS : frameTypes.CONTINUATION;
    frames.push(buildFrame(type, frameFlags, streamId, block.subarray(at, at + maxFrameSize)));
  }
  return frames;
}
