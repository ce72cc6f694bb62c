import { Http2Failure } from "./failure.ts";
import {
  defaultMaxFrameSize,
  largestMaxFrameSize,
  largestWindow,
  parseSettings,
  settingIds,
} from "./frames.ts";
import { defaultWindow } from "./windows.ts";

/** What the server has told us about itself, RFC 9113 section 6.5.2. */
export class PeerSettings {
  isReceived = false;
  maxConcurrentStreams = 1;
  initialWindowSize = defaultWindow;
  maxFrameSize = defaultMaxFrameSize;

  /** Takes a SETTINGS payload over; answers by how much the window of every open stream changes. */
  apply(payload: Uint8Array): number {
    const windowBefore = this.initialWindowSize;
    if (!this.isReceived) this.maxConcurrentStreams = Number.POSITIVE_INFINITY;
    this.isReceived = true;
    for (const [id, value] of parseSettings(payload)) this.#set(id, value);
    return this.initialWindowSize - windowBefore;
  }

  #set(id: number, value: number): void {
    switch (id) {
      case settingIds.ENABLE_PUSH:
        if (value !== 0) throw new Http2Failure("PROTOCOL_ERROR", `ENABLE_PUSH ${value} from a server`);
        return;
      case settingIds.MAX_CONCURRENT_STREAMS:
        this.maxConcurrentStreams = value;
        return;
      case settingIds.INITIAL_WINDOW_SIZE:
        if (value > largestWindow) throw new Http2Failure("FLOW_CONTROL_ERROR", `a first window of ${value}`);
        this.initialWindowSize = value;
        return;
      case settingIds.MAX_FRAME_SIZE:
        if (value < defaultMaxFrameSize || value > largestMaxFrameSize) {
          throw new Http2Failure("PROTOCOL_ERROR", `MAX_FRAME_SIZE ${value}`);
        }
        this.maxFrameSize = value;
        return;
      // HEADER_TABLE_SIZE does not matter to an encoder without a table (hpack.ts), MAX_HEADER_LIST_SIZE is advice
      // that some 300 bytes of ours never touch, and unknown settings are to be ignored.
    }
  }
}
