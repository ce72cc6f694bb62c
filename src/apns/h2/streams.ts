import { Http2Failure } from "./failure.ts";
import { type Frame, frameTypes } from "./frames.ts";
import type { ResponseReader } from "./response.ts";
import type { SendWindow } from "./windows.ts";

/** Our streams of one connection and what may still come on them, RFC 9113 section 5.1. The server opens none. */
export type Stream = { response: ResponseReader; window: SendWindow; unsent: Uint8Array };

export const lastStreamId = 0x7fff_ffff;

/** So many streams later, the server has surely heard that we gave one up. */
const maxGivenUp = 10_000;

export class Streams {
  readonly #open = new Map<number, Stream>();
  readonly #givenUp = new Set<number>();
  #nextId = 1;

  get count(): number {
    return this.#open.size;
  }

  get areIdsUsedUp(): boolean {
    return this.#nextId > lastStreamId;
  }

  [Symbol.iterator](): IterableIterator<[number, Stream]> {
    return this.#open.entries();
  }

  open(stream: Stream): number {
    const streamId = this.#nextId;
    this.#nextId += 2;
    this.#open.set(streamId, stream);
    return streamId;
  }

  get(streamId: number): Stream | undefined {
    return this.#open.get(streamId);
  }

  /** The server will say no more on it. */
  end(streamId: number): void {
    this.#open.delete(streamId);
    this.#givenUp.delete(streamId);
  }

  /** We want no more of it; what the server sends before it hears so is let pass. False when it was over already. */
  giveUp(streamId: number): boolean {
    if (!this.#open.delete(streamId)) return false;
    this.#givenUp.add(streamId);
    const [oldest] = this.#givenUp;
    if (this.#givenUp.size > maxGivenUp && oldest !== undefined) this.#givenUp.delete(oldest);
    return true;
  }

  /** The stream a frame belongs to; undefined when it is over, and the server cannot know yet or its frame does no harm. */
  of({ streamId, type }: Frame): Stream | undefined {
    const wasOpened = streamId % 2 === 1 && streamId < this.#nextId;
    if (!wasOpened) {
      throw new Http2Failure(
        "PROTOCOL_ERROR",
        `frame of type ${type} on stream ${streamId}, which is not ours`,
      );
    }
    const stream = this.#open.get(streamId);
    if (stream === undefined && carriesResponse(type) && !this.#givenUp.has(streamId)) {
      throw new Http2Failure(
        "STREAM_CLOSED",
        `frame of type ${type} on stream ${streamId}, which the server had ended`,
      );
    }
    return stream;
  }
}

const carriesResponse = (type: number): boolean =>
  type === frameTypes.DATA || type === frameTypes.HEADERS || type === frameTypes.CONTINUATION;
