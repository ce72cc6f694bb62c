// Organization-defined values: what a rule leaves to the organization, where it writes `$ODV`.
import { Trouble } from "../../../trouble.ts";
import { isPlain } from "../merge.ts";
import type { Hint, Rule } from "./rule.ts";

/** The organization's own, else the one of the benchmark, else the one that mSCP recommends. */
export function chosenValue(rule: Rule, benchmark: string, own: ReadonlyMap<string, string>): unknown {
  const given = own.get(rule.id);
  if (given !== undefined) return checked(rule.id, given, rule.hint);
  return rule.values.custom ?? rule.values[benchmark] ?? rule.values.recommended;
}

export const usesValue = (part: unknown): boolean => JSON.stringify(part ?? null).includes("$ODV");

/** Alone, it keeps its type; within a text it becomes text. */
export function filled(part: unknown, value: unknown): unknown {
  if (part === "$ODV") return value;
  if (typeof part === "string") return part.replaceAll("$ODV", () => String(value));
  if (Array.isArray(part)) return part.map((item) => filled(item, value));
  if (!isPlain(part)) return part;
  return Object.fromEntries(Object.entries(part).map(([key, member]) => [key, filled(member, value)]));
}

/** `--value RULE=VALUE` words. */
export function ownValues(words: readonly string[]): Map<string, string> {
  return new Map(
    words.map((word) => {
      const [, rule, value] = /^([^=]+)=([\s\S]*)$/.exec(word) ?? [];
      if (rule === undefined || value === undefined)
        throw new Trouble(`--value takes RULE=VALUE, not ${word}`);
      return [rule, value];
    }),
  );
}

function checked(id: string, text: string, { kind, min, max, pattern, choices }: Hint): unknown {
  const refuse = (why: string) => new Trouble(`--value ${id}=${text}: ${why}`);
  if (kind === "number" || kind === "integer") {
    const number = Number(text);
    if (text.trim() === "" || !Number.isFinite(number)) throw refuse("must be a number");
    if (min !== undefined && number < min) throw refuse(`must be ${min} or more`);
    if (max !== undefined && number > max) throw refuse(`must be ${max} or less`);
    return number;
  }
  if (choices !== undefined && !choices.includes(text)) throw refuse(`must be one of ${choices.join(", ")}`);
  if (pattern !== undefined && !new RegExp(pattern).test(text)) throw refuse(`must match ${pattern}`);
  return text;
}
