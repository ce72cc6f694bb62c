import { type Bytes, toBase64, utf8 } from "../base/bytes.ts";
import { forbiddenIn, withoutForbidden } from "./characters.ts";
import { spellDate } from "./scalars.ts";
import { type PlistInput, PlistReal } from "./value.ts";

/**
 * XML property lists, spelled as Apple's own tools do (CoreFoundation's CFPropertyList.c, and so plutil): tabs, base64
 * broken into lines that grow shorter as they are indented, 17 digits for reals, dates in whole seconds.
 *
 * Entries keep the order they come in, so equal input gives equal bytes.
 *
 * What cannot be written is a mistake of ours, not of a caller outside, and throws: among it the characters that XML
 * forbids, which doors have refused before (`characters.ts`).
 */
export function writePlist(input: PlistInput): Bytes {
  return utf8(`${header}${write(input, 0, checkedText)}</plist>\n`);
}

/** For people who read what a device sent: what XML forbids becomes U+FFFD. */
export function writeForReading(input: PlistInput): Bytes {
  return utf8(`${header}${write(input, 0, withoutForbidden)}</plist>\n`);
}

/** What stands for a text. */
type Spell = (text: string) => string;

function checkedText(text: string): string {
  const found = forbiddenIn(text);
  if (found !== undefined) throw new RangeError(`${found} cannot be written: XML forbids it`);
  return text;
}

const header = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
`;

function write(input: PlistInput, indent: number, spell: Spell): string {
  const tabs = "\t".repeat(indent);
  if (typeof input === "string") return `${tabs}<string>${escapeText(spell(input))}</string>\n`;
  if (typeof input === "boolean") return `${tabs}<${input}/>\n`;
  if (typeof input === "number" || typeof input === "bigint") {
    return `${tabs}<integer>${spellInteger(input)}</integer>\n`;
  }
  if (input instanceof PlistReal) return `${tabs}<real>${spellReal(input.value)}</real>\n`;
  if (input instanceof Date) return `${tabs}<date>${checkedDate(input)}</date>\n`;
  if (input instanceof Uint8Array) return `${tabs}<data>\n${base64Lines(input, indent)}${tabs}</data>\n`;
  if (isArray(input)) {
    if (input.length === 0) return `${tabs}<array/>\n`;
    return `${tabs}<array>\n${input.map((item) => write(item, indent + 1, spell)).join("")}${tabs}</array>\n`;
  }
  return writeDict(input instanceof Map ? input : Object.entries(input), indent, spell);
}

function writeDict(
  entries: Iterable<readonly [string, PlistInput | undefined]>,
  indent: number,
  spell: Spell,
): string {
  const tabs = "\t".repeat(indent);
  let body = "";
  for (const [key, value] of entries) {
    if (value === undefined) continue;
    body += `${tabs}\t<key>${escapeText(spell(key))}</key>\n${write(value, indent + 1, spell)}`;
  }
  return body === "" ? `${tabs}<dict/>\n` : `${tabs}<dict>\n${body}${tabs}</dict>\n`;
}

// Array.isArray does not see read-only arrays in a union.
const isArray = (input: PlistInput): input is readonly PlistInput[] => Array.isArray(input);

const escapeText = (text: string): string =>
  /[&<>]/.test(text) ? text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;") : text;

function spellInteger(value: number | bigint): string {
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new RangeError(`${value} is no exact integer: write a PlistReal, or a bigint beyond 2^53`);
  }
  if (value < -(2n ** 63n) || value >= 2n ** 64n) throw new RangeError(`${value} does not fit 64 bits`);
  return String(BigInt(value));
}

/** C's `%.17g`, which CoreFoundation uses, and its words for the rest. */
export function spellReal(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-infinity" : "+infinity";
  if (value === 0) return "0.0";
  const sign = value < 0 ? "-" : "";
  const { digits, exponent } = seventeenDigits(Math.abs(value));
  const point = exponent >= -4 && exponent < 17 ? exponent : 0;
  const spread = point < 0 ? "0".repeat(-point) + digits : digits.padEnd(point + 1, "0");
  const whole = spread.slice(0, Math.max(point, 0) + 1);
  const fraction = spread.slice(whole.length);
  const power =
    point === exponent ? "" : `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  return `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}${power}`;
}

/** Without the zeros at their end. Where JavaScript rounds a tie up, C rounds it to the even digit. */
function seventeenDigits(value: number): { digits: string; exponent: number } {
  const [mantissa = "", power = ""] = value.toExponential(16).split("e");
  const up = mantissa.replace(".", "");
  const last = Number(up.at(-1));
  const isTie = last % 2 === 1 && /^.{18}50*e/.test(value.toExponential(100));
  const digits = isTie ? `${up.slice(0, -1)}${last - 1}` : up;
  return { digits: digits.replace(/0+$/, ""), exponent: Number(power) };
}

function checkedDate(date: Date): string {
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw new RangeError(`the year ${year} cannot be written`);
  return spellDate(date);
}

/** An indent counts as eight columns of 76, and no more than eight indents are made. */
function base64Lines(bytes: Uint8Array, indent: number): string {
  const tabs = "\t".repeat(Math.min(indent, 8));
  const width = 76 - 8 * tabs.length;
  const text = toBase64(bytes);
  let lines = "";
  for (let at = 0; at < text.length; at += width) lines += `${tabs}${text.slice(at, at + width)}\n`;
  return lines;
}
