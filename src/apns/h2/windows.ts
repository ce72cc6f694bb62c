import { Http2Failure } from "./failure.ts";
import { largestWindow } from "./frames.ts";

/** Flow control, RFC 9113 section 5.2. */
export const defaultWindow = 65_535;

/** How much the server lets us send. Negative after it lowers INITIAL_WINDOW_SIZE under what we have sent. */
export class SendWindow {
  #available: number;

  constructor(initial = defaultWindow) {
    this.#available = initial;
  }

  get available(): number {
    return this.#available;
  }

  canGrow(increment: number): boolean {
    return this.#available + increment <= largestWindow;
  }

  grow(increment: number): void {
    if (!this.canGrow(increment)) {
      throw new Http2Failure("FLOW_CONTROL_ERROR", `a window of more than ${largestWindow} bytes`);
    }
    this.#available += increment;
  }

  take(length: number): void {
    this.#available -= length;
  }
}

/** How much we let the server send on the whole connection; opened again when half of it is used. */
export class ReceiveWindow {
  #used = 0;

  /** The increment to announce now, or 0. */
  take(length: number): number {
    this.#used += length;
    if (this.#used > defaultWindow) {
      throw new Http2Failure("FLOW_CONTROL_ERROR", `more than the ${defaultWindow} bytes that were allowed`);
    }
    if (this.#used * 2 < defaultWindow) return 0;
    const increment = this.#used;
    this.#used = 0;
    return increment;
  }
}
