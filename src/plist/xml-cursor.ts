import { clip, Stop, type XmlEncoding, type XmlFault } from "./refusal.ts";
import { resolveEntities, skipSpace } from "./xml-text.ts";

/**
 * The part of XML 1.0 that property lists use, read once from left to right: elements, text, CDATA, comments,
 * processing instructions, a document type that is passed over. It knows nothing of what the elements mean.
 *
 * Leaves out on purpose: internal subsets, declared entities, namespaces; attributes are refused but on `<plist>`,
 * where they are read and ignored. Each step moves forward only, so time is linear in the length of the input.
 */
export class XmlCursor {
  readonly text: string;
  at = 0;

  /** The tag last read: where it began, its name, and its kind. */
  tagAt = 0;
  name = "";
  kind: "open" | "close" | "empty" = "open";

  constructor(text: string) {
    this.text = text;
  }

  /** Everything before the first element. */
  prolog(encoding: XmlEncoding): void {
    if (isDeclaration(this.text, 0)) this.#declaration(encoding);
    this.#misc();
    if (this.text.startsWith("<!DOCTYPE", this.at)) {
      this.#doctype();
      this.#misc();
    }
  }

  /** Nothing but comments, white space and processing instructions may come after the last element. */
  epilog(): void {
    this.#misc();
    if (this.at < this.text.length) this.#refuseStray("nothing after </plist>");
  }

  /** Passes over what stands between elements and reads the next tag. */
  nextTag(expected: string): void {
    const { text } = this;
    // White space, then a tag: nearly always. The careful way is taken only where this does not see a letter or "/".
    let at = skipSpace(text, this.at);
    const code = text.charCodeAt(at);
    const after = text.charCodeAt(at + 1);
    if (code !== 60 || after === 33 || after === 63) {
      this.at = at;
      this.#misc();
      at = this.at;
      if (at >= text.length) this.stop({ reason: "truncated", expected }, text.length);
      if (text.charCodeAt(at) !== 60 || text.charCodeAt(at + 1) === 33) this.#refuseStray(expected);
    }
    this.#tag(at);
  }

  /** The next tag wherever it stands, past text, CDATA and comments: for what is passed over. */
  protected nextMarkup(): void {
    const { text } = this;
    for (;;) {
      const at = this.#find("<", this.at);
      const after = text.charCodeAt(at + 1);
      if (after !== 33 && after !== 63) {
        this.#tag(at);
        return;
      }
      this.at = at;
      const terminator =
        after === 63
          ? "?>"
          : text.startsWith("<!--", at)
            ? "-->"
            : text.startsWith("<![CDATA[", at)
              ? "]]>"
              : this.#refuseStray("a tag, a comment or CDATA");
      this.at = this.#find(terminator, at + 2) + terminator.length;
    }
  }

  /** The text of a scalar whose opening tag was just read, and its closing tag. */
  scalarText(): string {
    const { name, text } = this;
    if (this.kind === "empty") return "";
    const start = this.at;
    const end = text.indexOf("<", start);
    if (end < 0) this.stop({ reason: "truncated", expected: `</${name}>` }, text.length);
    const first = this.piece(start, end);
    // "</", the name and ">", nothing else: the usual case again.
    const close = end + 2 + name.length;
    if (text.charCodeAt(end + 1) === 47 && text.charCodeAt(close) === 62 && text.startsWith(name, end + 2)) {
      this.at = close + 1;
      return first;
    }
    return this.#restOfText(name, first, end);
  }

  stop(fault: XmlFault | { reason: "too-deep" | "too-many-nodes"; limit: number }, at: number): never {
    throw new Stop(fault, at);
  }

  /** Text between markup, with its entities resolved. */
  protected piece(start: number, end: number): string {
    return resolveEntities(this.characters(start, end), start);
  }

  protected characters(start: number, end: number): string {
    return this.text.slice(start, end);
  }

  #restOfText(name: string, first: string, from: number): string {
    const { text } = this;
    let value = first;
    let at = from;
    while (text.startsWith("<![CDATA[", at)) {
      const end = this.#find("]]>", at + 9);
      const next = text.indexOf("<", end + 3);
      value += this.characters(at + 9, end);
      if (next < 0) this.stop({ reason: "truncated", expected: `</${name}>` }, text.length);
      value += this.piece(end + 3, next);
      at = next;
    }
    const after = text.charCodeAt(at + 1);
    this.#mustBeWhole(at);
    if (after === 33 || after === 63) this.stop({ reason: "markup-in-value", expected: `</${name}>` }, at);
    this.#tag(at);
    if (this.kind !== "close") {
      this.stop({ reason: "unexpected-element", expected: `</${name}>`, found: this.found() }, at);
    }
    if (this.name !== name)
      this.stop({ reason: "wrong-nesting", expected: `</${name}>`, found: this.found() }, at);
    return value;
  }

  protected closes(name: string): boolean {
    return this.kind === "close" && this.name === name;
  }

  /** The tag last read, as it may be shown. */
  found(): string {
    return clip(this.kind === "close" ? `</${this.name}>` : `<${this.name}>`);
  }

  #tag(tagAt: number): void {
    const { text } = this;
    this.tagAt = tagAt;
    let at = tagAt + 1;
    this.kind = "open";
    if (text.charCodeAt(at) === 47) {
      this.kind = "close";
      at++;
    }
    const start = at;
    let code = text.charCodeAt(at);
    if (isNameStart(code)) while (isNameCharacter(code)) code = text.charCodeAt(++at);
    this.name = text.slice(start, at);
    if (code === 62 && at > start) this.at = at + 1;
    else this.#endOfTag(start, at);
  }

  /** A tag with anything but `>` right after its name. */
  #endOfTag(start: number, from: number): void {
    const { text } = this;
    const expected = "a tag such as <key> or </dict>";
    if (from === start) {
      if (from >= text.length) this.stop({ reason: "truncated", expected }, text.length);
      this.stop({ reason: "malformed-tag", expected }, this.tagAt);
    }
    let at = skipSpace(text, from);
    const attributes = new Set<string>();
    while (this.kind === "open" && at > from && isNameStart(text.charCodeAt(at))) {
      at = this.#attribute(at, attributes);
    }
    if (this.kind === "open" && text.charCodeAt(at) === 47) {
      this.kind = "empty";
      at++;
    }
    if (at >= text.length) this.stop({ reason: "truncated", expected: ">" }, text.length);
    if (text.charCodeAt(at) !== 62) this.stop({ reason: "malformed-tag", expected: ">" }, at);
    this.at = at + 1;
  }

  #attribute(start: number, attributes: Set<string>): number {
    const { text } = this;
    let at = start;
    while (isNameCharacter(text.charCodeAt(at))) at++;
    const name = text.slice(start, at);
    if (this.name !== "plist") this.stop({ reason: "unexpected-attribute", found: clip(name) }, start);
    if (attributes.has(name)) this.stop({ reason: "malformed-tag", expected: "each attribute once" }, start);
    attributes.add(name);
    at = skipSpace(text, at);
    if (at < text.length && text[at] !== "=") this.stop({ reason: "malformed-tag", expected: "=" }, at);
    at = skipSpace(text, at + 1);
    const quote = text[at];
    if (at >= text.length) this.stop({ reason: "truncated", expected: "a quoted value" }, text.length);
    if (quote !== '"' && quote !== "'")
      this.stop({ reason: "malformed-tag", expected: "a quoted value" }, at);
    const end = this.#find(quote ?? "", at + 1);
    // Not in all of the text: the next one may be a megabyte away, for each of its attributes.
    const open = text.slice(at, end).indexOf("<");
    if (open >= 0) this.stop({ reason: "malformed-tag", expected: quote ?? "" }, at + open);
    const next = skipSpace(text, end + 1);
    // Two attributes need space between them.
    if (next === end + 1 && isNameStart(text.charCodeAt(next))) {
      this.stop({ reason: "malformed-tag", expected: ">" }, next);
    }
    return next;
  }

  /** White space, comments, processing instructions. */
  #misc(): void {
    const { text } = this;
    for (;;) {
      this.at = skipSpace(text, this.at);
      if (text.startsWith("<!--", this.at)) this.at = this.#find("-->", this.at + 4) + 3;
      else if (text.startsWith("<?", this.at)) {
        if (isDeclaration(text, this.at)) this.stop({ reason: "misplaced-declaration" }, this.at);
        this.at = this.#find("?>", this.at + 2) + 2;
      } else return;
    }
  }

  #refuseStray(expected: string): never {
    this.#mustBeWhole(this.at);
    if (this.text.startsWith("<!DOCTYPE", this.at)) this.stop({ reason: "misplaced-doctype" }, this.at);
    return this.stop({ reason: "stray-text", expected }, this.at);
  }

  /** Half of `<!--` at the end of the input is no wrong markup: the rest is missing. */
  #mustBeWhole(at: number): void {
    const start = this.text.slice(at, at + 9);
    if (at + start.length < this.text.length || start === "") return;
    const whole = ["<!--", "<!DOCTYPE", "<![CDATA["].find((markup) => markup.startsWith(start));
    if (whole) this.stop({ reason: "truncated", expected: whole }, this.text.length);
  }

  #declaration(encoding: XmlEncoding): void {
    const end = this.#find("?>", 2);
    const found = /[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*["']([^"']*)["']/.exec(this.text.slice(0, end))?.[1];
    const allowed = encoding === "utf-8" ? /^(utf-?8|us-ascii)$/i : /^utf-?16(le|be)?$/i;
    if (found !== undefined && !allowed.test(found)) {
      this.stop({ reason: "undeclared-encoding", encoding, found: clip(found) }, 0);
    }
    this.at = end + 2;
  }

  /** XML 1.0, section 2.8, read as far as its end; the DTD it names is never fetched. */
  #doctype(): void {
    const { text } = this;
    let quote = "";
    for (let at = this.at + "<!DOCTYPE".length; at < text.length; at++) {
      const character = text[at] ?? "";
      if (character === "<") this.stop({ reason: "malformed-doctype" }, at);
      if (quote !== "") {
        if (character === ">") this.stop({ reason: "malformed-doctype" }, at);
        if (character === quote) quote = "";
      } else if (character === '"' || character === "'") quote = character;
      else if (character === "[") this.stop({ reason: "internal-subset" }, at);
      else if (character === ">") {
        this.at = at + 1;
        return;
      }
    }
    this.stop({ reason: "truncated", expected: ">" }, text.length);
  }

  #find(terminator: string, from: number): number {
    const at = this.text.indexOf(terminator, from);
    if (at < 0) this.stop({ reason: "truncated", expected: terminator }, this.text.length);
    return at;
  }
}

const isDeclaration = (text: string, at: number): boolean => /^<\?xml[ \t\r\n?]/.test(text.slice(at, at + 6));

const isNameStart = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 58;

const isNameCharacter = (code: number): boolean =>
  isNameStart(code) || (code >= 48 && code <= 57) || code === 45 || code === 46;
