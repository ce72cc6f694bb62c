import type { Bytes } from "../../base/bytes.ts";
import { buildUint32, readUint32 } from "./frames.ts";

/** Our pings, numbered: they are answered in order, RFC 9113 section 6.7. */
export class Pings {
  #asked = 0;
  #answered = 0;

  /** The payload of the next one. */
  next(): Bytes {
    return buildUint32(0, ++this.#asked);
  }

  /** Whether an ACK is for the next ping of ours: any other does not show that the server is alive. */
  isAnswered(payload: Uint8Array): boolean {
    if (this.#answered === this.#asked || readUint32(payload, 4) !== this.#answered + 1) return false;
    this.#answered++;
    return true;
  }
}
