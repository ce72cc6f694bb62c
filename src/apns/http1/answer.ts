import { type Bytes, concat } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";

/**
 * The answer to one GET over HTTP/1.1 (RFC 9112), where the connection ends with it. Bounded, and whole or refused: an answer
 * that was cut off must not pass for a short one.
 */
export type HttpAnswer = { status: number; headers: ReadonlyMap<string, string>; body: Bytes };

export type HttpRefusal = { reason: "malformed" | "too-long" | "cut-off"; detail: string };

const longestHead = 16_384;
const longestLine = 1_024;

export async function readHttpAnswer(
  read: () => Promise<Uint8Array | undefined>,
  longestBody: number,
): Promise<Result<HttpAnswer, HttpRefusal>> {
  const input = new Input(read);
  try {
    const { status, headers } = await readHead(input);
    const body = await readBody(input, headers, longestBody);
    return ok({ status, headers, body });
  } catch (fault) {
    if (fault instanceof Unreadable) return refuse(fault.refusal);
    throw fault;
  }
}

class Unreadable extends Error {
  readonly refusal: HttpRefusal;
  constructor(reason: HttpRefusal["reason"], detail: string) {
    super(detail);
    this.refusal = { reason, detail };
  }
}

async function readHead(input: Input): Promise<{ status: number; headers: Map<string, string> }> {
  const match = /^HTTP\/1\.[01] ([2-5]\d\d)(?: .*)?$/.exec(await input.line(longestHead));
  if (!match) throw new Unreadable("malformed", "it does not begin like an answer of HTTP/1.1");
  const headers = new Map<string, string>();
  let left = longestHead;
  for (;;) {
    const line = await input.line(left);
    if (line === "") return { status: Number(match[1]), headers };
    left -= line.length + 2;
    const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (!field) throw new Unreadable("malformed", "it has a header that is none");
    const name = (field[1] ?? "").toLowerCase();
    const isFraming = name === "content-length" || name === "transfer-encoding";
    if (isFraming && headers.has(name)) throw new Unreadable("malformed", `it has ${name} twice`);
    headers.set(name, field[2] ?? "");
  }
}

async function readBody(input: Input, headers: ReadonlyMap<string, string>, longest: number): Promise<Bytes> {
  const encoding = headers.get("transfer-encoding");
  const length = headers.get("content-length");
  if (encoding !== undefined) {
    if (encoding.toLowerCase() !== "chunked" || length !== undefined)
      throw new Unreadable("malformed", "it says in two ways, or in an unknown one, how long it is");
    return readChunks(input, longest);
  }
  if (length === undefined) return input.rest(longest);
  if (!/^\d{1,12}$/.test(length)) throw new Unreadable("malformed", "its content-length is no number");
  if (Number(length) > longest) throw tooLong(longest);
  return input.bytes(Number(length));
}

/** RFC 9112 section 7.1. What follows the last chunk says nothing that is asked for here. */
async function readChunks(input: Input, longest: number): Promise<Bytes> {
  const parts: Bytes[] = [];
  let total = 0;
  for (;;) {
    const size = /^([0-9A-Fa-f]{1,8})(?:[ \t]*;.*)?$/.exec(await input.line(longestLine));
    if (!size) throw new Unreadable("malformed", "it has a chunk without a size");
    const length = Number.parseInt(size[1] ?? "", 16);
    if (length === 0) return concat(parts);
    total += length;
    if (total > longest) throw tooLong(longest);
    parts.push(await input.bytes(length));
    if ((await input.line(longestLine)) !== "")
      throw new Unreadable("malformed", "a chunk is longer than it says");
  }
}

const tooLong = (longest: number): Unreadable =>
  new Unreadable("too-long", `it is longer than ${longest} bytes`);

const lineFeed = 10;

/** Bytes as they are asked for. */
class Input {
  readonly #read: () => Promise<Uint8Array | undefined>;
  #parts: Uint8Array[] = [];
  #length = 0;

  constructor(read: () => Promise<Uint8Array | undefined>) {
    this.#read = read;
  }

  async line(longest: number): Promise<string> {
    for (;;) {
      const held = this.#joined();
      const end = held.indexOf(lineFeed);
      if (end > longest || (end < 0 && held.length > longest))
        throw new Unreadable("malformed", "its head is too long");
      if (end < 0) {
        await this.#more();
        continue;
      }
      this.#keep(held.subarray(end + 1));
      return Buffer.from(held.subarray(0, end)).toString("latin1").replace(/\r$/, "");
    }
  }

  async bytes(length: number): Promise<Bytes> {
    while (this.#length < length) await this.#more();
    const held = this.#joined();
    this.#keep(held.subarray(length));
    return held.slice(0, length);
  }

  /** To the end of the connection, which TLS tells from a cut. */
  async rest(longest: number): Promise<Bytes> {
    for (;;) {
      if (this.#length > longest) throw tooLong(longest);
      const bytes = await this.#read();
      if (bytes === undefined) return this.#joined();
      this.#add(bytes);
    }
  }

  async #more(): Promise<void> {
    const bytes = await this.#read();
    if (bytes === undefined) throw new Unreadable("cut-off", "it ends before it is whole");
    this.#add(bytes);
  }

  #add(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }

  #joined(): Bytes {
    const [only] = this.#parts;
    const joined = this.#parts.length === 1 ? (only as Bytes) : concat(this.#parts);
    this.#keep(joined);
    return joined;
  }

  #keep(bytes: Uint8Array): void {
    this.#parts = [bytes];
    this.#length = bytes.length;
  }
}
