import { ok, type Result } from "../base/result.ts";
import { attempt } from "../plist/refusal.ts";
import { decodeXml } from "../plist/xml-source.ts";
import { resolveEntities, skipSpace } from "../plist/xml-text.ts";
import { type FileRefusal, refuseFile } from "./refusal.ts";

/**
 * The XML in packages: a table of contents, `Distribution`, `PackageInfo`. A tree of elements with attributes and text.
 *
 * Leaves out on purpose: declared entities and internal subsets (refused), namespaces (a prefix is part of the name).
 * Each step moves forward only, and the number and the depth of elements are bounded.
 */
export type XmlElement = {
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  /** What stands directly in it, outside of its children. */
  text: string;
};

const mostElements = 50_000;
const deepest = 64;
const mostAttributes = 64;

export function readXmlTree(bytes: Uint8Array, what: string): Result<XmlElement, FileRefusal> {
  const source = decodeXml(bytes);
  if (!source.ok) return refuseFile("damaged", `${what} is not XML: ${source.refusal.reason}`);
  const reader = new Reader(source.value.text);
  const read = attempt(() => reader.document(), source.value.toBytes);
  if (!read.ok) return refuseFile("damaged", `${what} is not whole XML: ${read.refusal.reason}`);
  if (read.value === undefined) return refuseFile(reader.reason, `${what} ${reader.trouble}`);
  return ok(read.value);
}

/** All elements of that name below this one, in their order. */
export function* elementsNamed(root: XmlElement, name: string): Generator<XmlElement> {
  for (const child of root.children) {
    if (child.name === name) yield child;
    yield* elementsNamed(child, name);
  }
}

export const childNamed = (parent: XmlElement | undefined, name: string): XmlElement | undefined =>
  parent?.children.find((child) => child.name === name);

export const textOf = (parent: XmlElement | undefined, name: string): string | undefined =>
  childNamed(parent, name)?.text.trim();

/** A number as the formats write it; undefined for anything else. */
export function numberIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}

class Reader {
  reason: "damaged" | "too-complex" = "damaged";
  trouble = "is not whole XML";
  readonly #text: string;
  #at = 0;
  #elements = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** undefined: `trouble` says what is wrong. */
  document(): XmlElement | undefined {
    const open: XmlElement[] = [];
    let root: XmlElement | undefined;
    for (;;) {
      const start = this.#text.indexOf("<", this.#at);
      const before = this.#text.slice(this.#at, start < 0 ? undefined : start);
      const parent = open.at(-1);
      if (parent) parent.text += resolveEntities(before, this.#at);
      else if (before.trim() !== "") return this.#stop("has text outside of its elements");
      if (start < 0) return open.length === 0 ? root : this.#stop("ends within an element");
      this.#at = start;
      const passed = this.#passOver(parent);
      if (passed === "broken") return undefined;
      if (passed === "passed") continue;
      if (this.#text[start + 1] === "/") {
        if (!this.#close(open)) return undefined;
        continue;
      }
      if (root !== undefined && parent === undefined) return this.#stop("has two outermost elements");
      const element = this.#open();
      if (element === undefined) return undefined;
      root ??= element.value;
      parent?.children.push(element.value);
      if (!element.isEmpty) open.push(element.value);
      if (open.length > deepest) return this.#complex(`has elements more than ${deepest} deep`);
    }
  }

  /** Comments, processing instructions, a document type; the text of CDATA belongs to the element around it. */
  #passOver(parent: XmlElement | undefined): "passed" | "broken" | "not-such" {
    const text = this.#text;
    const at = this.#at;
    if (text.startsWith("<![CDATA[", at)) {
      const end = text.indexOf("]]>", at);
      if (end < 0 || parent === undefined) return this.#broken("has CDATA that does not end");
      parent.text += text.slice(at + 9, end);
      this.#at = end + 3;
      return "passed";
    }
    const [from, to] = text.startsWith("<!--", at)
      ? [at + 4, "-->"]
      : text.startsWith("<?", at)
        ? [at + 2, "?>"]
        : text.startsWith("<!DOCTYPE", at)
          ? [at + 9, ">"]
          : [at, ""];
    if (to === "") return text[at + 1] === "!" ? this.#broken("has a declaration in it") : "not-such";
    const end = text.indexOf(to, from);
    if (end < 0) return this.#broken("ends within a comment");
    // A document type may declare entities that grow without end.
    if (to === ">" && text.slice(from, end).includes("[")) return this.#broken("declares entities");
    this.#at = end + to.length;
    return "passed";
  }

  #close(open: XmlElement[]): boolean {
    const end = this.#text.indexOf(">", this.#at);
    const name = this.#text.slice(this.#at + 2, end < 0 ? undefined : end).trimEnd();
    if (end < 0 || open.pop()?.name !== name) {
      this.#stop("has elements that are not closed in their order");
      return false;
    }
    this.#at = end + 1;
    return true;
  }

  #open(): { value: XmlElement; isEmpty: boolean } | undefined {
    if (++this.#elements > mostElements) return this.#complex(`has more than ${mostElements} elements`);
    const name = this.#name(this.#at + 1);
    if (name === "") return this.#stop("has a tag without a name");
    let at = this.#at + 1 + name.length;
    const attributes = new Map<string, string>();
    for (;;) {
      const next = skipSpace(this.#text, at);
      const character = this.#text[next];
      const isEmpty = character === "/" && this.#text[next + 1] === ">";
      if (character === ">" || isEmpty) {
        this.#at = next + (isEmpty ? 2 : 1);
        return { value: { name, attributes, children: [], text: "" }, isEmpty };
      }
      const end = next === at ? undefined : this.#attribute(next, attributes);
      if (end === undefined) return this.#stop("has a tag that cannot be read");
      if (attributes.size > mostAttributes) return this.#complex("has a tag with too many attributes");
      at = end;
    }
  }

  /** Where it ends. */
  #attribute(start: number, attributes: Map<string, string>): number | undefined {
    const text = this.#text;
    const name = this.#name(start);
    const equals = skipSpace(text, start + name.length);
    if (name === "" || attributes.has(name) || text[equals] !== "=") return undefined;
    const opening = skipSpace(text, equals + 1);
    const quote = text[opening];
    if (quote !== '"' && quote !== "'") return undefined;
    const end = text.indexOf(quote, opening + 1);
    if (end < 0) return undefined;
    const value = text.slice(opening + 1, end);
    if (value.includes("<")) return undefined;
    attributes.set(name, resolveEntities(value, opening + 1));
    return end + 1;
  }

  #name(start: number): string {
    let end = start;
    while (isNameCharacter(this.#text.charCodeAt(end))) end++;
    return this.#text.slice(start, end);
  }

  #broken(trouble: string): "broken" {
    this.trouble = trouble;
    return "broken";
  }

  #stop(trouble: string): undefined {
    this.trouble = trouble;
    return undefined;
  }

  #complex(trouble: string): undefined {
    this.reason = "too-complex";
    return this.#stop(trouble);
  }
}

const isNameCharacter = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 48 && code <= 58) ||
  code === 95 ||
  code === 45 ||
  code === 46;
