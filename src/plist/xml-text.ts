import { clip, Stop } from "./refusal.ts";

/** XML 1.0, section 2.2: what a reference may not name, and U+0000, which has no place in a text. */
const isForbidden = (code: number): boolean =>
  code === 0 || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff || Number.isNaN(code);

const named = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/**
 * Resolves the five entities of XML and numeric references; any other is refused, so nothing a document declares is
 * ever expanded. Text without `&` is returned as it is. `start` says where the text began, for the refusal.
 *
 * Other characters are kept as they are, control characters and carriage returns included: CoreFoundation writes
 * them unescaped and reads them back, so a device's application with a stray one in its name must not be refused.
 */
export function resolveEntities(raw: string, start: number): string {
  let ampersand = raw.indexOf("&");
  if (ampersand < 0) return raw;
  let text = "";
  let done = 0;
  while (ampersand >= 0) {
    const semicolon = raw.indexOf(";", ampersand);
    const name = semicolon < 0 ? undefined : raw.slice(ampersand + 1, semicolon);
    text += raw.slice(done, ampersand) + resolve(name, raw, ampersand, start);
    done = semicolon + 1;
    ampersand = raw.indexOf("&", done);
  }
  return text + raw.slice(done);
}

function resolve(name: string | undefined, raw: string, ampersand: number, start: number): string {
  const found = name === undefined ? raw.slice(ampersand, ampersand + 20) : `&${clip(name)};`;
  const known = name === undefined ? undefined : named.get(name);
  if (known !== undefined) return known;
  if (!name?.startsWith("#"))
    throw new Stop({ reason: "unknown-entity", found: clip(found) }, start + ampersand);
  const digits = /^#(?:x([0-9a-fA-F]{1,16})|([0-9]{1,16}))$/.exec(name);
  const code = digits?.[1] ? Number.parseInt(digits[1], 16) : Number.parseInt(digits?.[2] ?? "", 10);
  if (isForbidden(code)) {
    throw new Stop({ reason: "bad-character-reference", found: clip(found) }, start + ampersand);
  }
  return String.fromCodePoint(code);
}

/** The white space of XML 1.0, section 2.3. */
export function skipSpace(text: string, from: number): number {
  let at = from;
  let code = text.charCodeAt(at);
  while (code === 10 || code === 9 || code === 32 || code === 13) code = text.charCodeAt(++at);
  return at;
}

/** Not a regular expression: one anchored at the end takes quadratic time on spaces in the middle. */
export function trimSpace(text: string): string {
  const start = skipSpace(text, 0);
  let end = text.length;
  while (end > start && " \t\r\n".includes(text[end - 1] ?? "")) end--;
  return text.slice(start, end);
}
