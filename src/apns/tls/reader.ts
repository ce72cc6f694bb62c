import { TlsFailure } from "./failure.ts";

/** Reads the structures of TLS (RFC 8446 section 3); every length is checked against what is there. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #at = 0;

  /** `what` names the structure in errors. */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw this.malformed(`ends ${end - this.#bytes.length} bytes early`);
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  u8(): number {
    return this.#unsigned(1);
  }

  u16(): number {
    return this.#unsigned(2);
  }

  u32(): number {
    return this.#unsigned(4);
  }

  /** A vector with its length in `lengthBytes` bytes before it; never shorter than `minimum`. */
  vector(lengthBytes: 1 | 2 | 3, minimum = 0): Uint8Array {
    const length = this.#unsigned(lengthBytes);
    if (length < minimum) throw this.malformed(`has a vector of ${length} bytes, at least ${minimum} needed`);
    return this.bytes(length);
  }

  /** A vector of 16-bit numbers. */
  u16List(lengthBytes: 1 | 2): number[] {
    const list = new Reader(this.vector(lengthBytes, 2), this.#what);
    const values: number[] = [];
    while (!list.isAtEnd) values.push(list.u16());
    return values;
  }

  end(): void {
    const rest = this.#bytes.length - this.#at;
    if (rest > 0) throw this.malformed(`has ${rest} bytes after its end`);
  }

  malformed(complaint: string): TlsFailure {
    return new TlsFailure("malformed", `${this.#what} ${complaint}`);
  }

  #unsigned(length: number): number {
    let value = 0;
    for (const byte of this.bytes(length)) value = value * 256 + byte;
    return value;
  }
}
