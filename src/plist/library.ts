import { XMLParser, XMLValidator } from "fast-xml-parser";
import { attempt, clip, type XmlFault } from "./refusal.ts";
import { XmlCursor } from "./xml-cursor.ts";
import { resolveEntities } from "./xml-text.ts";

/**
 * What fast-xml-parser tells of a text: its elements with where they begin and end, and the first place that is no
 * well-formed XML, in our words. The library forgives much; `upload-xml.ts` looks at the text between the elements.
 *
 * The surprise: its parser closes what was never closed, and its validator takes whatever ends early. So the parser gets
 * no more than the text before the first fault, and an element without an end is where that fault belongs.
 */
export type Element = {
  start: number;
  /** After the closing tag; undefined where the text broke off before it. */
  end: number | undefined;
  children: Element[];
};

/** What is wrong, where, and up to where the text is fit for the parser: a tag may go wrong after it began. */
export type Broken = { fault: XmlFault; at: number; cut: number };

export type Tree = { elements: Element[]; broken: Broken | undefined };

const parser = new XMLParser({
  preserveOrder: true,
  captureMetaData: true,
  trimValues: false,
  parseTagValue: false,
  processEntities: false,
  ignorePiTags: true,
  jPath: false,
  // Depth is limited by the walk, which knows the place; this parser does not recurse.
  maxNestedTags: Number.MAX_SAFE_INTEGER,
  // Some names make the library throw, and no name but those of property lists matters: they are read from the text.
  transformTagName: (name) => (name.endsWith("/") ? "element/" : "element"),
});

export function parseTree(source: string): Tree {
  const text = blankInstructions(source);
  const broken = firstFault(text);
  const elements = elementsOf(text.slice(0, broken?.cut));
  if (elements) return { elements, broken };
  // A comment, instruction, CDATA section or tag that never ends makes the parser throw: it gets what is before.
  const cut = unfinishedMarkup(text);
  const isTag = /[^!?]/.test(text[cut + 1] ?? "");
  const truncated: Broken = { fault: { reason: "truncated", expected: ">" }, at: text.length, cut };
  const unfinished = isTag ? tagFault(text, cut) : truncated;
  return { elements: elementsOf(text.slice(0, cut)) ?? [], broken: unfinished };
}

type RawNode = {
  element?: RawNode[];
  [symbol: symbol]: { startIndex: number; endIndex?: number } | undefined;
};

function elementsOf(text: string): Element[] | undefined {
  let nodes: RawNode[];
  try {
    nodes = parser.parse(text);
  } catch {
    return undefined;
  }
  return toElements(nodes);
}

/** Without recursion: the library's tree may be as deep as the text is long. */
function toElements(nodes: RawNode[]): Element[] {
  const position = XMLParser.getMetaDataSymbol() as symbol;
  const roots: Element[] = [];
  const waiting: [RawNode[], Element[]][] = [[nodes, roots]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [from, to] = next;
    for (const node of from) {
      const where = node[position];
      if (!node.element || !where) continue;
      const element: Element = { start: where.startIndex, end: where.endIndex, children: [] };
      to.push(element);
      if (node.element.length > 0) waiting.push([node.element, element.children]);
    }
  }
  return roots;
}

function firstFault(text: string): Broken | undefined {
  const verdict = XMLValidator.validate(text);
  if (verdict === true) return undefined;
  const { msg: message, line, col } = verdict.err;
  const at = offsetOf(text, line, col);
  const name = /'([\s\S]*)'/.exec(message)?.[1] ?? "";
  if (/^(Unclosed tag|Invalid '\[|Start tag expected)/.test(message)) {
    const fault: XmlFault = { reason: "truncated", expected: "a closing tag" };
    return { fault, at: text.length, cut: text.length };
  }
  if (message.startsWith("char '&'")) return referenceFault(text, at);
  if (/^(Extra text|char ')/.test(message)) {
    return { fault: { reason: "stray-text", expected: "nothing but <plist>" }, at, cut: at };
  }
  if (
    /^(Expected closing|Closing tag|Attribute |boolean attribute|Multiple possible|Invalid space)/.test(
      message,
    )
  ) {
    return tagFault(text, text.lastIndexOf("<", at));
  }
  // The place is the end of a name that is none; it may have a "<" of its own.
  const start = Math.max(text.lastIndexOf(`<${name}`, at), text.lastIndexOf(`</${name}`, at));
  return tagFault(text, at - start <= name.length + 3 ? start : text.lastIndexOf("<", at));
}

/** The library's columns count from the last line feed, and say nothing of carriage returns alone. */
function offsetOf(text: string, line: number, column = 1): number {
  let start = 0;
  for (let passed = 1; passed < line; passed++) start = text.indexOf("\n", start) + 1;
  return start + column - 1;
}

/** What stands at `at` is no reference; which of our refusals that is. */
function referenceFault(text: string, at: number): Broken {
  const found = text.slice(at, at + 100);
  const read = attempt(() => resolveEntities(found, at));
  if (read.ok) return { fault: { reason: "unknown-entity", found: clip(found) }, at, cut: at + 1 };
  const { offset, ...fault } = read.refusal;
  return { fault: fault as XmlFault, at: offset, cut: at + 1 };
}

/** The library does not like the tag at `at`; our own cursor says what is wrong, unless it is but the wrong tag here. */
function tagFault(text: string, at: number): Broken {
  const cursor = new XmlCursor(text);
  cursor.at = at;
  const read = attempt(() => cursor.nextTag("a tag"));
  if (!read.ok) {
    const { offset, ...fault } = read.refusal;
    return { fault: fault as XmlFault, at: offset, cut: at };
  }
  return { fault: { reason: "wrong-nesting", expected: "another tag", found: cursor.found() }, at, cut: at };
}

/** Where the first markup begins that does not end, or is no part of any property list. */
function unfinishedMarkup(text: string): number {
  for (const { start, end } of markup(text)) {
    if (end === undefined || /^<!(?!--|\[CDATA\[)/.test(text.slice(start, start + 9))) return start;
  }
  return text.length;
}

/** Instructions mean nothing to us, and the library stumbles over quotes in them: spaces take their place. */
function blankInstructions(text: string): string {
  if (!text.includes("<?")) return text;
  let blanked = "";
  let done = 0;
  for (const { start, end } of markup(text)) {
    if (end === undefined || text[start + 1] !== "?") continue;
    blanked += text.slice(done, start) + " ".repeat(end - start);
    done = end;
  }
  return blanked + text.slice(done);
}

/** Each tag, comment, instruction or CDATA section; the last may have no end. */
function* markup(text: string): Generator<{ start: number; end: number | undefined }> {
  let start = text.indexOf("<");
  while (start >= 0) {
    const terminator = terminatorOf(text, start);
    const found = text.indexOf(terminator, start + (terminator === "-->" ? 4 : 2));
    const end = found < 0 ? undefined : found + terminator.length;
    yield { start, end };
    start = end === undefined ? -1 : text.indexOf("<", end);
  }
}

function terminatorOf(text: string, at: number): string {
  if (text.startsWith("<!--", at)) return "-->";
  if (text.startsWith("<![CDATA[", at)) return "]]>";
  return text.startsWith("<?", at) ? "?>" : ">";
}
