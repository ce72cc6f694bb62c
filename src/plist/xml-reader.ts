import { ok, type Result } from "../base/result.ts";
import { defaultLimits, type PlistLimits } from "./limits.ts";
import { attempt, clip, type PlistRefusal, Stop } from "./refusal.ts";
import { readScalar, type ScalarElement } from "./scalars.ts";
import type { PlistDict, PlistValue } from "./value.ts";
import { XmlCursor } from "./xml-cursor.ts";
import { decodeXml, type XmlSource } from "./xml-source.ts";

/**
 * XML property lists (plist(5), PropertyList-1.0.dtd), in one pass and without a tree in between: this reader is on
 * every request's path. `upload.ts` means the same by other means; a differential test holds the two together.
 *
 * The surprise: text is kept exactly, line ends included, as CoreFoundation does and XML would not.
 */
export function readXml(
  bytes: Uint8Array,
  limits: PlistLimits = defaultLimits,
): Result<PlistValue, PlistRefusal> {
  const source = decodeXml(bytes);
  return source.ok ? readXmlText(source.value, limits) : source;
}

function readXmlText(source: XmlSource, limits: PlistLimits): Result<PlistValue, PlistRefusal> {
  const read = (): PlistValue => new XmlReader(source.text, limits).document(source);
  const result = attempt(read, source.toBytes);
  return result.ok ? ok(result.value) : result;
}

export class XmlReader extends XmlCursor {
  readonly #limits: PlistLimits;
  #nodes = 0;

  constructor(text: string, limits: PlistLimits) {
    super(text);
    this.#limits = limits;
  }

  document({ encoding }: Pick<XmlSource, "encoding">): PlistValue {
    this.openPlist(encoding);
    this.nextTag("a value");
    const value = this.value(0);
    this.closePlist();
    return value;
  }

  protected openPlist(encoding: Parameters<XmlCursor["prolog"]>[0]): void {
    this.prolog(encoding);
    this.nextTag("<plist>");
    if (this.name !== "plist" || this.kind === "close") this.refuseTag("<plist>");
    if (this.kind === "empty") this.refuseTag("a value within <plist>");
  }

  protected closePlist(): void {
    this.nextTag("</plist>");
    if (!this.closes("plist")) this.refuseTag("</plist>");
    this.epilog();
  }

  /** The value whose first tag was just read. */
  protected value(depth: number): PlistValue {
    const { name } = this;
    if (this.kind === "close") this.refuseTag("a value");
    if (++this.#nodes > this.#limits.nodes) {
      this.stop({ reason: "too-many-nodes", limit: this.#limits.nodes }, this.tagAt);
    }
    switch (name) {
      case "dict":
        return this.#dict(this.#deeper(depth));
      case "array":
        return this.#array(this.#deeper(depth));
      case "string":
        return this.scalarText();
      case "integer":
      case "real":
      case "date":
      case "data":
      case "true":
      case "false":
        return this.scalar(name);
      default:
        return this.refuseTag("a value");
    }
  }

  protected scalar(element: ScalarElement): Exclude<PlistValue, PlistValue[] | PlistDict> {
    const start = this.at;
    const result = readScalar(element, this.scalarText());
    if (!result.ok) throw new Stop(result.refusal, start);
    return result.value;
  }

  /** Reads the next key of a dictionary, and the tag of its value; undefined where the dictionary ends. */
  protected nextEntry(dict: ReadonlyMap<string, unknown>): string | undefined {
    this.nextTag("<key> or </dict>");
    if (this.kind === "close") {
      if (this.name !== "dict") this.refuseTag("</dict>");
      return undefined;
    }
    if (this.name !== "key") {
      if (isValueElement(this.name)) this.stop({ reason: "missing-key", found: this.found() }, this.tagAt);
      this.refuseTag("<key> or </dict>");
    }
    const keyAt = this.tagAt;
    const key = this.scalarText();
    if (dict.has(key)) this.stop({ reason: "duplicate-key", key: clip(key) }, keyAt);
    this.nextTag("a value");
    if (this.closes("dict") || (this.name === "key" && !this.closes("key"))) {
      this.stop({ reason: "missing-value", key: clip(key) }, this.tagAt);
    }
    return key;
  }

  /** The tag last read may not stand here. */
  protected refuseTag(expected: string): never {
    const fault = { expected, found: this.found() };
    const reason =
      this.kind === "close"
        ? "wrong-nesting"
        : isKnownElement(this.name)
          ? "unexpected-element"
          : "unknown-element";
    return this.stop({ reason, ...fault }, this.tagAt);
  }

  protected tooDeep(depth: number): void {
    const limit = this.#limits.depth;
    if (depth > limit) this.stop({ reason: "too-deep", limit }, this.tagAt);
  }

  #deeper(depth: number): number {
    this.tooDeep(depth + 1);
    return depth + 1;
  }

  #dict(depth: number): PlistDict {
    const dict: PlistDict = new Map();
    if (this.kind === "empty") return dict;
    for (let key = this.nextEntry(dict); key !== undefined; key = this.nextEntry(dict)) {
      dict.set(key, this.value(depth));
    }
    return dict;
  }

  #array(depth: number): PlistValue[] {
    const array: PlistValue[] = [];
    if (this.kind === "empty") return array;
    for (;;) {
      this.nextTag("a value or </array>");
      if (this.kind === "close") {
        if (this.name !== "array") this.refuseTag("</array>");
        return array;
      }
      array.push(this.value(depth));
    }
  }
}

const valueElements = new Set([
  "dict",
  "array",
  "string",
  "integer",
  "real",
  "date",
  "data",
  "true",
  "false",
]);

const isValueElement = (name: string): boolean => valueElements.has(name);
const isKnownElement = (name: string): boolean => isValueElement(name) || name === "key" || name === "plist";
