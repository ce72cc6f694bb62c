import { type Result, refuse } from "../base/result.ts";
import { defaultLimits, type PlistLimits } from "./limits.ts";
import { attempt, type PlistRefusal, type XmlEncoding } from "./refusal.ts";
import type { PlistScalar } from "./value.ts";
import { XmlReader } from "./xml-reader.ts";
import { decode, hasUtf8Mark } from "./xml-source.ts";
import { resolveEntities, skipSpace } from "./xml-text.ts";

/**
 * The outside of a large message: the top-level scalars of an XML dictionary (Status, CommandUUID, UDID …), so that a
 * device can be answered while the rest waits. Dictionaries and arrays are passed over without being built.
 *
 * Leaves to `readPlist` whether what was passed over is well formed in every respect: here only its brackets are
 * counted. Binary property lists and UTF-16 are refused; no device sends them.
 *
 * The surprise: bytes are read as Latin-1, one byte a character, so 25 MB stay 25 MB; only the scalars become text.
 */
export type Envelope = Map<string, PlistScalar>;

export const envelopeLimits: PlistLimits = { ...defaultLimits, bytes: 25 * 1024 * 1024 };

export function readEnvelope(
  bytes: Uint8Array,
  limits: Partial<PlistLimits> = {},
): Result<Envelope, PlistRefusal> {
  const all = { ...envelopeLimits, ...limits };
  if (bytes.length > all.bytes) return refuse({ reason: "too-large", bytes: bytes.length, limit: all.bytes });
  const mark = hasUtf8Mark(bytes) ? 3 : 0;
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset + mark, bytes.byteLength - mark).toString(
    "latin1",
  );
  const first = skipSpace(latin1, 0);
  if (first === latin1.length) return refuse({ reason: "empty" });
  if (latin1[first] !== "<") return refuse({ reason: "not-a-property-list" });
  const nul = latin1.indexOf("\0");
  if (nul >= 0) return refuse({ reason: "nul-character", offset: mark + nul });
  return attempt(
    () => new EnvelopeReader(latin1, all).envelope(),
    (at) => at + mark,
  );
}

class EnvelopeReader extends XmlReader {
  envelope(): Envelope {
    this.openPlist("utf-8" satisfies XmlEncoding);
    this.nextTag("<dict>");
    if (this.name !== "dict" || this.kind === "close") this.refuseTag("<dict>");
    const scalars: Envelope = new Map();
    if (this.kind === "open") this.#entries(scalars);
    this.closePlist();
    return scalars;
  }

  #entries(scalars: Envelope): void {
    const seen = new Map<string, undefined>();
    for (let key = this.nextEntry(seen); key !== undefined; key = this.nextEntry(seen)) {
      seen.set(key, undefined);
      if (this.kind !== "close" && (this.name === "dict" || this.name === "array")) this.#passOver();
      else scalars.set(key, this.value(1) as PlistScalar);
    }
  }

  /** From an opening `<dict>` or `<array>` to the tag that closes it. */
  #passOver(): void {
    if (this.kind === "empty") return;
    const open = [this.name];
    while (open.length > 0) {
      this.tooDeep(1 + open.length);
      this.nextMarkup();
      if (this.name !== "dict" && this.name !== "array") continue;
      if (this.kind === "open") open.push(this.name);
      else if (this.kind === "close" && open.pop() !== this.name) {
        this.refuseTag("the tag that was opened last");
      }
    }
  }

  protected override piece(start: number, end: number): string {
    // As bytes first, so that a reference that is none is refused at its byte.
    resolveEntities(this.text.slice(start, end), start);
    return super.piece(start, end);
  }

  protected override characters(start: number, end: number): string {
    const latin1 = this.text.slice(start, end);
    if (isAscii(latin1)) return latin1;
    const text = decode(Buffer.from(latin1, "latin1"), "utf-8");
    return text ?? this.stop({ reason: "bad-encoding", encoding: "utf-8" }, start);
  }
}

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);
