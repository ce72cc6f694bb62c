import { buildFrame, flags, frameTypes } from "./frames.ts";
import type { Output } from "./output.ts";
import type { PeerSettings } from "./peer-settings.ts";
import type { Stream, Streams } from "./streams.ts";
import { SendWindow } from "./windows.ts";

/** Sends of each body what the windows of its stream and of the connection allow; the rest waits, RFC 9113 section 5.2. */
export class BodySender {
  readonly #streams: Streams;
  readonly #settings: PeerSettings;
  readonly #output: Output;
  readonly #window = new SendWindow();

  constructor(streams: Streams, settings: PeerSettings, output: Output) {
    this.#streams = streams;
    this.#settings = settings;
    this.#output = output;
  }

  /** The server allows more on the whole connection. */
  grow(increment: number): void {
    this.#window.grow(increment);
    this.sendWaiting();
  }

  sendWaiting(): void {
    for (const [streamId, stream] of this.#streams) {
      if (this.#window.available <= 0) return;
      this.send(streamId, stream);
    }
  }

  send(streamId: number, stream: Stream): void {
    while (stream.unsent.length > 0) {
      const allowed = Math.min(
        stream.unsent.length,
        this.#settings.maxFrameSize,
        this.#window.available,
        stream.window.available,
      );
      if (allowed <= 0) return;
      const piece = stream.unsent.subarray(0, allowed);
      stream.unsent = stream.unsent.subarray(allowed);
      this.#window.take(allowed);
      stream.window.take(allowed);
      const frameFlags = stream.unsent.length === 0 ? flags.END_STREAM : 0;
      this.#output.say(buildFrame(frameTypes.DATA, frameFlags, streamId, piece));
    }
  }
}
