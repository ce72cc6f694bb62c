import type { Result } from "../base/result.ts";
import { type Broken, type Element, parseTree } from "./library.ts";
import type { PlistLimits } from "./limits.ts";
import { attempt, clip, type PlistRefusal, Stop } from "./refusal.ts";
import { readScalar, type ScalarElement } from "./scalars.ts";
import type { PlistDict, PlistValue } from "./value.ts";
import { XmlCursor } from "./xml-cursor.ts";
import { tooDeepAt } from "./xml-depth.ts";
import { decodeXml, type XmlSource } from "./xml-source.ts";
import { resolveEntities, skipSpace } from "./xml-text.ts";

/**
 * XML property lists by way of fast-xml-parser: the library finds the elements, this file gives them their meaning, in
 * the order of the text, so that the first thing that is wrong is the one that is told.
 */
export function readXmlTree(bytes: Uint8Array, limits: PlistLimits): Result<PlistValue, PlistRefusal> {
  const source = decodeXml(bytes);
  if (!source.ok) return source;
  return attempt(() => readDocument(source.value, limits), source.value.toBytes);
}

function readDocument(source: XmlSource, limits: PlistLimits): PlistValue {
  const { text } = source;
  const start = prologEnd(source);
  refuseCrowd(text, limits);
  // The library never sees the document type, nor what lies so deep that the walk below cannot get there: its work grows
  // with the square of the depth. Spaces keep every place where it was.
  const tree = parseTree(" ".repeat(start) + text.slice(start, tooDeepAt(text, start, limits.depth)));
  return new TreeReader(text, limits, tree.broken).document(start, tree.elements);
}

function prologEnd({ text, encoding }: XmlSource): number {
  const cursor = new XmlCursor(text);
  cursor.prolog(encoding);
  return cursor.at;
}

/** Past white space, comments and instructions, up to what is none of them or does not end. */
function miscEnd(text: string, from: number): number {
  for (let at = from; ; ) {
    at = skipSpace(text, at);
    const terminator = text.startsWith("<!--", at) ? "-->" : text.startsWith("<?", at) ? "?>" : undefined;
    if (terminator === undefined || declaration.test(text.slice(at, at + 6))) return at;
    const end = text.indexOf(terminator, at + (terminator === "-->" ? 4 : 2));
    if (end < 0) return at;
    at = end + terminator.length;
  }
}

const declaration = /^<\?xml[ \t\r\n?]/;

/** A crowd is turned away before the library builds anything of it. */
function refuseCrowd(text: string, limits: PlistLimits): void {
  // Two tags for a value, two for its key, one for a comment on it.
  const most = 5 * (limits.nodes + 100);
  let at = -1;
  for (let tags = 0; tags <= most; tags++) {
    at = text.indexOf("<", at + 1);
    if (at < 0) return;
  }
  throw new Stop({ reason: "too-many-nodes", limit: limits.nodes }, at);
}

/** Half of `<!--` at the end of the text. */
const isUnfinished = (rest: string, left: number): boolean =>
  rest.length === left &&
  rest !== "" &&
  ["<!--", "<!DOCTYPE", "<![CDATA["].some((whole) => whole.startsWith(rest));

const names = ["dict", "array", "string", "integer", "real", "date", "data", "true", "false"];
const values = new Set(names);
const known = new Set([...names, "key", "plist"]);

type Tag = { name: string; isEmpty: boolean; end: number };

class TreeReader {
  readonly #text: string;
  readonly #limits: PlistLimits;
  readonly #broken: Broken | undefined;
  #nodes = 0;

  constructor(text: string, limits: PlistLimits, broken: Broken | undefined) {
    this.#text = text;
    this.#limits = limits;
    this.#broken = broken;
  }

  document(start: number, roots: Element[]): PlistValue {
    const root = this.#child(roots[0], start, undefined, "<plist>");
    const tag = this.#tag(root);
    if (tag.name !== "plist") this.#refuse(root, "<plist>");
    if (tag.isEmpty) this.#refuse(root, "a value within <plist>");
    const [first, second] = root.children;
    const element = this.#child(first, tag.end, root, "a value");
    const value = this.#value(element, 0);
    if (second) this.#refuse(this.#child(second, element.end ?? 0, root, "</plist>"), "</plist>");
    this.#close(root, element.end ?? 0, "</plist>");
    const end = miscEnd(this.#text, root.end ?? 0);
    if (end < this.#text.length) this.#stray(end, "nothing after </plist>", false);
    return value;
  }

  #value(element: Element, depth: number): PlistValue {
    const tag = this.#tag(element);
    if (++this.#nodes > this.#limits.nodes) {
      throw new Stop({ reason: "too-many-nodes", limit: this.#limits.nodes }, element.start);
    }
    if (!values.has(tag.name)) this.#refuse(element, "a value");
    if (tag.name !== "dict" && tag.name !== "array") return this.#scalar(element, tag);
    if (depth >= this.#limits.depth) {
      throw new Stop({ reason: "too-deep", limit: this.#limits.depth }, element.start);
    }
    return tag.name === "dict" ? this.#dict(element, tag, depth + 1) : this.#array(element, tag, depth + 1);
  }

  #array(element: Element, tag: Tag, depth: number): PlistValue[] {
    let at = tag.end;
    const array: PlistValue[] = [];
    for (const child of element.children) {
      this.#gap(at, child.start, "a value or </array>");
      array.push(this.#value(child, depth));
      at = child.end ?? at;
    }
    if (!tag.isEmpty) this.#close(element, at, "a value or </array>");
    return array;
  }

  #dict(element: Element, tag: Tag, depth: number): PlistDict {
    let at = tag.end;
    const dict: PlistDict = new Map();
    for (let index = 0; index < element.children.length; index += 2) {
      const child = this.#child(element.children[index], at, element, "<key> or </dict>");
      const keyTag = this.#tag(child);
      if (values.has(keyTag.name)) {
        throw new Stop({ reason: "missing-key", found: `<${keyTag.name}>` }, child.start);
      }
      if (keyTag.name !== "key") this.#refuse(child, "<key> or </dict>");
      const key = this.#content(child, keyTag);
      if (dict.has(key)) throw new Stop({ reason: "duplicate-key", key: clip(key) }, child.start);
      const value = this.#valueOf(key, element, element.children[index + 1], child.end ?? 0);
      dict.set(key, this.#value(value, depth));
      at = value.end ?? at;
    }
    if (!tag.isEmpty) this.#close(element, at, "<key> or </dict>");
    return dict;
  }

  #valueOf(key: string, dict: Element, value: Element | undefined, at: number): Element {
    if (value) {
      this.#gap(at, value.start, "a value");
      if (this.#tag(value).name !== "key") return value;
      throw new Stop({ reason: "missing-value", key: clip(key) }, value.start);
    }
    const end = this.#close(dict, at, "a value");
    throw new Stop({ reason: "missing-value", key: clip(key) }, end);
  }

  #scalar(element: Element, tag: Tag): PlistValue {
    const result = readScalar(tag.name as ScalarElement, this.#content(element, tag));
    if (!result.ok) throw new Stop(result.refusal, tag.end);
    return result.value;
  }

  /** Text, CDATA and references, up to the closing tag. */
  #content(element: Element, tag: Tag): string {
    if (tag.isEmpty) return "";
    const expected = `</${tag.name}>`;
    let content = "";
    let at = tag.end;
    for (;;) {
      const next = this.#text.indexOf("<", at);
      if (next < 0) this.#truncated(expected);
      content += resolveEntities(this.#text.slice(at, next), at);
      if (!this.#text.startsWith("<![CDATA[", next))
        return this.#contentEnd(element, next, content, expected);
      const end = this.#text.indexOf("]]>", next + 9);
      if (end < 0) this.#truncated("]]>");
      content += this.#text.slice(next + 9, end);
      at = end + 3;
    }
  }

  #contentEnd(element: Element, at: number, content: string, expected: string): string {
    const rest = this.#text.slice(at, at + 9);
    if (rest.startsWith("</")) {
      if (element.end === undefined) this.#break(expected);
      this.#closing(element, at);
      return content;
    }
    if (isUnfinished(rest, this.#text.length - at)) this.#truncated(expected);
    if (/^<[!?]/.test(rest)) throw new Stop({ reason: "markup-in-value", expected }, at);
    const child = element.children[0];
    if (child?.start === at) this.#refuse(child, expected, "unexpected-element");
    return this.#break(expected);
  }

  /** The child that must come next; where there is none, the parent ends too early. */
  #child(child: Element | undefined, at: number, parent: Element | undefined, expected: string): Element {
    if (child) {
      this.#gap(at, child.start, expected);
      return child;
    }
    if (!parent) {
      this.#gap(at, this.#cut(), expected);
      return this.#break(expected);
    }
    const end = this.#close(parent, at, expected);
    throw new Stop({ reason: "wrong-nesting", expected, found: `</${this.#tag(parent).name}>` }, end);
  }

  /** From the last child to the closing tag, which is where this ends. */
  #close(element: Element, at: number, expected: string): number {
    if (element.end === undefined) {
      this.#gap(at, this.#cut(), expected);
      this.#break(expected);
    }
    const end = this.#text.lastIndexOf("</", element.end - 1);
    this.#gap(at, end, expected);
    this.#closing(element, end);
    return end;
  }

  /** Nothing but white space, comments and instructions may stand between elements. */
  #gap(from: number, to: number, expected: string): void {
    const end = miscEnd(this.#text, from);
    if (end < to) this.#stray(end, expected);
  }

  #stray(at: number, expected: string, mayBeTag = true): never {
    const rest = this.#text.slice(at, at + 9);
    const isOpen = /^<(\?|!--)/.test(rest) && !declaration.test(rest);
    if (isOpen || isUnfinished(rest, this.#text.length - at)) this.#truncated(expected);
    if (rest === "<!DOCTYPE") throw new Stop({ reason: "misplaced-doctype" }, at);
    if (declaration.test(rest)) throw new Stop({ reason: "misplaced-declaration" }, at);
    // Markup that the library could not read is told as what it is.
    if (mayBeTag && /^<[^!]/.test(rest) && this.#broken) {
      this.#readTag(at, expected);
      this.#break(expected);
    }
    throw new Stop({ reason: "stray-text", expected }, at);
  }

  #tag(element: Element): Tag {
    if (this.#text.startsWith("<!", element.start)) this.#stray(element.start, "a tag");
    const cursor = this.#readTag(element.start, "a tag");
    return { name: cursor.name, isEmpty: cursor.kind === "empty", end: cursor.at };
  }

  /** The library is content with anything between `</` and `>`. */
  #closing(element: Element, at: number): void {
    const expected = `</${this.#tag(element).name}>`;
    const cursor = this.#readTag(at, expected);
    if (cursor.found() !== expected) {
      throw new Stop({ reason: "wrong-nesting", expected, found: cursor.found() }, at);
    }
  }

  /** What is between "<" and ">" is our own cursor's business: the library reads it loosely. */
  #readTag(at: number, expected: string): XmlCursor {
    const cursor = new XmlCursor(this.#text);
    cursor.at = at;
    cursor.nextTag(expected);
    return cursor;
  }

  #refuse(element: Element, expected: string, reason?: "unexpected-element"): never {
    const { name } = this.#tag(element);
    const fault = reason ?? (known.has(name) ? "unexpected-element" : "unknown-element");
    throw new Stop({ reason: fault, expected, found: clip(`<${name}>`) }, element.start);
  }

  /** Just past where the parser had to stop, so that what stands there is looked at as well. */
  #cut(): number {
    return Math.min(this.#text.length, (this.#broken?.cut ?? this.#text.length) + 1);
  }

  /** Here the text breaks off: what the library saw first, or simply that it ends. */
  #break(expected: string): never {
    if (!this.#broken) this.#truncated(expected);
    const { fault, at } = this.#broken;
    // Only here is it known which element was open.
    throw new Stop(fault.reason === "wrong-nesting" ? { ...fault, expected } : fault, at);
  }

  #truncated(expected: string): never {
    throw new Stop({ reason: "truncated", expected }, this.#text.length);
  }
}
