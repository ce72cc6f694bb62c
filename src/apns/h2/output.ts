import { type Bytes, concat } from "../../base/bytes.ts";
import { Http2Failure } from "./failure.ts";

/** What answers to the server may wait to be written, before we suspect it of making us answer without listening. */
const maxWaitingAnswers = 65_536;

/** Frames that wait to be written. */
export class Output {
  #frames: Bytes[] = [];
  #answers = 0;

  /** What we have to say ourselves. */
  say(...frames: Bytes[]): void {
    this.#frames.push(...frames);
  }

  /** What the server makes us say. */
  answer(frame: Bytes): void {
    this.#answers += frame.length;
    if (this.#answers > maxWaitingAnswers) {
      throw new Http2Failure("ENHANCE_YOUR_CALM", "the server asks for answers and does not read them");
    }
    this.#frames.push(frame);
  }

  /** All of it, in one piece. */
  take(): Bytes | undefined {
    if (this.#frames.length === 0) return undefined;
    const bytes = concat(this.#frames);
    this.#frames = [];
    this.#answers = 0;
    return bytes;
  }
}
