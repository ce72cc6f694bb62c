/**
 * A DER writer and a tolerant BER reader (X.690), as much as CMS, certificates and requests need. The device has its
 * own, apart from the server's, so that the two can disagree. `indefinite` writes what Apple's encoder writes.
 */
export type Bytes = Uint8Array<ArrayBuffer>;

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
export const text = (value: string): Bytes => new Uint8Array(Buffer.from(value, "utf8"));
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
export const fromBase64 = (value: string): Bytes => new Uint8Array(Buffer.from(value, "base64"));

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

export function tlv(tag: number, ...content: readonly Uint8Array[]): Bytes {
  const body = concat(...content);
  return concat(new Uint8Array([tag, ...lengthOctets(body.length)]), body);
}

/** Constructed, of indefinite length, closed by end-of-contents: BER, never DER. */
export const indefinite = (tag: number, ...content: readonly Uint8Array[]): Bytes =>
  concat(new Uint8Array([tag, 0x80]), ...content, new Uint8Array([0, 0]));

export const sequence = (...parts: readonly Uint8Array[]): Bytes => tlv(0x30, ...parts);
/** SET OF: elements in the order of their encodings, as DER wants. */
export const setOf = (...parts: readonly Uint8Array[]): Bytes =>
  tlv(0x31, ...[...parts].sort(Buffer.compare));
/** Constructed [n]: EXPLICIT around whole elements, IMPLICIT around the content of a constructed type. */
export const tagged = (number: number, ...parts: readonly Uint8Array[]): Bytes =>
  tlv(0xa0 | number, ...parts);
/** Primitive [n] IMPLICIT. */
export const taggedOctets = (number: number, content: Uint8Array): Bytes => tlv(0x80 | number, content);

export const nothing: Bytes = new Uint8Array([5, 0]);
export const boolean = (value: boolean): Bytes => tlv(1, new Uint8Array([value ? 0xff : 0]));
export const octets = (content: Uint8Array): Bytes => tlv(4, content);
export const bits = (content: Uint8Array, unused = 0): Bytes => tlv(3, new Uint8Array([unused]), content);
export const utf8String = (value: string): Bytes => tlv(12, text(value));
export const printableString = (value: string): Bytes => tlv(19, text(value));
export const ia5String = (value: string): Bytes => tlv(22, text(value));

/** A small number, or the big-endian magnitude of a positive one. */
export function integer(value: number | Uint8Array): Bytes {
  const magnitude = typeof value === "number" ? smallMagnitude(value) : value;
  const start = magnitude.findIndex((octet) => octet !== 0);
  const stripped = start < 0 ? new Uint8Array([0]) : magnitude.subarray(start);
  return tlv(2, (stripped[0] ?? 0) >= 0x80 ? concat(new Uint8Array([0]), stripped) : stripped);
}

function smallMagnitude(value: number): Uint8Array {
  const magnitude: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) magnitude.unshift(rest % 256);
  return new Uint8Array(magnitude);
}

export function oid(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const content = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc % 128];
    for (let high = Math.floor(arc / 128); high > 0; high = Math.floor(high / 128))
      groups.unshift(0x80 | (high % 128));
    return groups;
  });
  return tlv(6, new Uint8Array(content));
}

/** UTCTime until 2049, GeneralizedTime after (RFC 5280 section 4.1.2.5). */
export function time(at: number): Bytes {
  const compact = new Date(at).toISOString().replace(/[-:T]/g, "").slice(0, 14);
  return compact < "2050" ? tlv(23, text(`${compact.slice(2)}Z`)) : tlv(24, text(`${compact}Z`));
}

/** One element as it was read: its tag, all its bytes, and the bytes inside. */
export class Element {
  readonly tag: number;
  readonly raw: Bytes;
  readonly content: Bytes;

  constructor(tag: number, raw: Bytes, content: Bytes) {
    this.tag = tag;
    this.raw = raw;
    this.content = content;
  }

  get children(): Element[] {
    if ((this.tag & 0x20) === 0) throw new Error(`element ${this.tag.toString(16)} holds no elements`);
    const found: Element[] = [];
    for (let at = 0; at < this.content.length; ) {
      const { element, next } = readAt(this.content, at);
      found.push(element);
      at = next;
    }
    return found;
  }

  child(index: number): Element {
    const found = this.children[index];
    if (found === undefined) throw new Error(`element ${this.tag.toString(16)} has no part ${index}`);
    return found;
  }

  /** The content of a string type, joined when it came in segments. */
  get joined(): Bytes {
    return (this.tag & 0x20) === 0 ? this.content : concat(...this.children.map((part) => part.joined));
  }

  get dotted(): string {
    if (this.tag !== 6) throw new Error(`element ${this.tag.toString(16)} is no object identifier`);
    const arcs: number[] = [];
    let arc = 0;
    for (const octet of this.content) {
      arc = arc * 128 + (octet & 0x7f);
      if (octet < 0x80) {
        arcs.push(arc);
        arc = 0;
      }
    }
    const [head = 0, ...rest] = arcs;
    const first = Math.min(Math.floor(head / 40), 2);
    return [first, head - first * 40, ...rest].join(".");
  }

  get string(): string {
    return Buffer.from(this.joined).toString("utf8");
  }
}

/** Reads exactly one element; bytes after it are an error. */
export function read(bytes: Uint8Array): Element {
  const { element, next } = readAt(new Uint8Array(bytes), 0);
  if (next !== bytes.length) throw new Error(`${bytes.length - next} bytes after the end of the element`);
  return element;
}

function readAt(bytes: Bytes, start: number): { element: Element; next: number } {
  const tag = octetAt(bytes, start);
  if ((tag & 0x1f) === 0x1f) throw new Error("tags of several octets are not used here");
  const first = octetAt(bytes, start + 1);
  if (first === 0x80) return readIndefinite(bytes, start, tag);

  let from = start + 2;
  let length = first;
  if (first > 0x80) {
    length = 0;
    for (let count = first & 0x7f; count > 0; count--) length = length * 256 + octetAt(bytes, from++);
  }
  const next = from + length;
  if (next > bytes.length) throw new Error(`element at ${start} claims ${length} bytes, more than there are`);
  return { element: new Element(tag, bytes.slice(start, next), bytes.slice(from, next)), next };
}

function readIndefinite(bytes: Bytes, start: number, tag: number): { element: Element; next: number } {
  let at = start + 2;
  while (!(octetAt(bytes, at) === 0 && octetAt(bytes, at + 1) === 0)) at = readAt(bytes, at).next;
  return {
    element: new Element(tag, bytes.slice(start, at + 2), bytes.slice(start + 2, at)),
    next: at + 2,
  };
}

function octetAt(bytes: Uint8Array, at: number): number {
  const octet = bytes[at];
  if (octet === undefined) throw new Error(`the element ends at ${at}, in the middle`);
  return octet;
}
