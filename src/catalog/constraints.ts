// What a value of the right type must further be: in its list, in its range, of its format, often enough.

import type { FindingCode } from "./finding.ts";
import { nearMiss } from "./near-miss.ts";
import type { Scalar, ValueSpec } from "./spec.ts";
import { numberOf } from "./value-type.ts";

export type Breach = {
  code: FindingCode;
  detail: string;
  suggestion?: string | undefined;
};

/** No list is longer than this in an answer, and no text is looked at by a pattern past that. */
const shown = 20;
const longestText = 4096;

export function* breachesOf(value: unknown, spec: ValueSpec): Generator<Breach> {
  const { rangelist, choices, range, format, repetition } = spec;
  const number = numberOf(value);
  const isListed = rangelist?.some((allowed) => isSame(value, allowed));
  // With both, the list names what the range leaves out: 1 to 180, or 0 for never.
  const isInRange = range && number !== undefined && isWithin(number, range);
  if (rangelist && !range && !isListed) yield notInList(value, rangelist);
  if (range && !isInRange && !isListed) {
    const others = rangelist ? `, or ${rangelist.join(", ")}` : "";
    yield { code: "out-of-range", detail: `found ${number}; allowed: ${spell(range)}${others}` };
  }
  if (choices && !choices.some((choice) => choice.value === value))
    yield notInList(
      value,
      choices.map((choice) => choice.value),
    );
  if (format && typeof value === "string" && !matches(value, format))
    yield { code: "bad-format", detail: `the text does not match ${format}` };
  if (repetition && Array.isArray(value) && !isWithin(value.length, repetition))
    yield { code: "wrong-count", detail: `found ${value.length} elements; allowed: ${spell(repetition)}` };
}

function isSame(value: unknown, allowed: Scalar): boolean {
  const number = numberOf(value);
  return number === undefined ? value === allowed : typeof allowed === "number" && Number(number) === allowed;
}

function notInList(value: unknown, list: readonly Scalar[]): Breach {
  const texts = list.map((allowed) => JSON.stringify(allowed));
  const more = texts.length > shown ? ` and ${texts.length - shown} more` : "";
  return {
    code: "not-in-list",
    detail: `found ${quote(value)}; allowed: ${texts.slice(0, shown).join(", ")}${more}`,
    suggestion:
      typeof value === "string"
        ? nearMiss(
            value,
            list.filter((allowed) => typeof allowed === "string"),
          )
        : undefined,
  };
}

const quote = (value: unknown): string =>
  typeof value === "string" ? JSON.stringify(value.slice(0, 100)) : String(numberOf(value) ?? value);

const isWithin = (number: number | bigint, { min, max }: { min?: number; max?: number }): boolean =>
  (min === undefined || number >= min) && (max === undefined || number <= max);

function spell({ min, max }: { min?: number; max?: number }): string {
  if (min === undefined) return `at most ${max}`;
  if (max === undefined) return `at least ${min}`;
  return min === max ? `exactly ${min}` : `${min} to ${max}`;
}

const patterns = new Map<string, RegExp>();

function matches(text: string, format: string): boolean {
  const pattern = patterns.get(format) ?? new RegExp(format, "u");
  patterns.set(format, pattern);
  return text.length <= longestText && pattern.test(text);
}
