import { fromBase64 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { ScalarFault } from "./refusal.ts";
import { PlistReal, type PlistScalar } from "./value.ts";
import { trimSpace } from "./xml-text.ts";

/**
 * What the text of a scalar element means. The reference is CoreFoundation's reader (CFPropertyList.c), because that is
 * what writes to us and reads from us:
 *
 * - integer: decimal or `0x` hexadecimal, one sign allowed, from -2^63 to 2^64 - 1. A number, or a bigint beyond 2^53.
 * - real: decimal, or one of `nan`, `inf`, `infinity` in any case, signed or not.
 * - date: `2026-08-01T12:00:00Z`, a day that exists, years 0000 to 9999 (Apple writes 0000-12-30 for the distant past).
 * - data: base64; padding may be missing, as CoreFoundation allows.
 * - true, false: nothing between the tags.
 *
 * Stricter than CoreFoundation where it guesses: days that do not exist and characters that are not base64 are refused.
 * More patient in one place: white space around a number or a date does not matter.
 */
export function readScalar(element: ScalarElement, text: string): Result<PlistScalar, ScalarFault> {
  switch (element) {
    case "string":
      return ok(text);
    case "integer":
      return readInteger(text);
    case "real":
      return readReal(text);
    case "date":
      return readDate(text);
    case "data":
      return readData(text);
    default:
      return text === ""
        ? ok(element === "true")
        : refuse({ reason: "bad-boolean", expected: `nothing within <${element}>` });
  }
}

export type ScalarElement = "string" | "integer" | "real" | "date" | "data" | "true" | "false";

const decimal = /^[+-]?[0-9]+$/;
const hexadecimal = /^[+-]?0[xX][0-9a-fA-F]+$/;
const lowest = -(2n ** 63n);
const highest = 2n ** 64n - 1n;

function readInteger(text: string): Result<number | bigint, ScalarFault> {
  // Nearly all of them, and several times quicker.
  if (/^[0-9]{1,15}$/.test(text)) return ok(Number(text));
  const digits = trimSpace(text);
  if (!decimal.test(digits) && !hexadecimal.test(digits)) {
    return refuse({ reason: "bad-integer", expected: "decimal digits, or hexadecimal ones after 0x" });
  }
  const negative = digits.startsWith("-");
  const magnitude = digits.replace(/^[+-]/, "");
  const near = Number(magnitude);
  if (Number.isSafeInteger(near)) return ok(negative && near !== 0 ? -near : near);
  // Leading zeros aside, nothing longer is in range; BigInt of a megabyte of digits would be slow.
  if (magnitude.replace(/^0[xX]?0*/, "").length > 20) return refuse({ reason: "integer-out-of-range" });
  const exact = negative ? -BigInt(magnitude) : BigInt(magnitude);
  return exact < lowest || exact > highest ? refuse({ reason: "integer-out-of-range" }) : ok(exact);
}

const number = /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$/;
const notFinite: Record<string, number> = { nan: Number.NaN, inf: Infinity, infinity: Infinity };

function readReal(text: string): Result<PlistReal, ScalarFault> {
  const digits = trimSpace(text);
  if (number.test(digits)) return ok(new PlistReal(Number(digits)));
  const named = notFinite[digits.replace(/^[+-]/, "").toLowerCase()];
  if (named === undefined) return refuse({ reason: "bad-real", expected: "a decimal number" });
  return ok(new PlistReal(digits.startsWith("-") ? -named : named));
}

const dateForm = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z$/;

function readDate(text: string): Result<Date, ScalarFault> {
  const [whole, ...parts] = dateForm.exec(trimSpace(text)) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number);
  const date = new Date(0);
  // Not Date.UTC, which takes the year 26 for 1926.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // A day or an hour that does not exist comes out as another one.
  if (whole === undefined || spellDate(date) !== whole) {
    return refuse({ reason: "bad-date", expected: "a date such as 2026-08-01T12:00:00Z" });
  }
  return ok(date);
}

/** The only form that property lists know: whole seconds, in UTC. For years 0000 to 9999. */
export const spellDate = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

// A search for what may not be there runs in constant space; matching a megabyte of what may be does not.
const notBase64 = /[^A-Za-z0-9+/= \t\r\n]/;

function readData(text: string): Result<Uint8Array, ScalarFault> {
  const bytes = notBase64.test(text) ? undefined : fromBase64(text);
  return bytes ? ok(bytes) : refuse({ reason: "bad-data", expected: "base64" });
}
