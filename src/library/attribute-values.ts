import type { attributeDefinitions } from "../db/schema/attributes.ts";

/**
 * What an attribute of devices may be, as administrators define it. Values are texts wherever they are kept and filled in;
 * the type says which texts, and each has one spelling, so that a filter finds it.
 */
export type AttributeDefinition = Omit<typeof attributeDefinitions.$inferSelect, "createdAt" | "updatedAt">;

/** As it comes: JSON may have a number or a yes-no as what it is. */
export type GivenValue = string | number | boolean;

export type CheckedValue = { value: string } | { trouble: string };

export const longestText = 1_000;

export function checkValue(definition: AttributeDefinition | undefined, given: GivenValue): CheckedValue {
  const text = typeof given === "string" ? given : String(given);
  switch (definition?.type) {
    case undefined:
      return typeof given === "string" ? { value: text } : { trouble: "must be a text" };
    case "text":
      return checkText(text, definition);
    case "number":
      return checkNumber(text, definition);
    case "date":
      return checkDate(text, definition);
    case "choice": {
      const choices = definition.choices ?? [];
      return choices.includes(text)
        ? { value: text }
        : { trouble: `must be one of ${choices.slice(0, 20).join(", ")}` };
    }
    case "yes-no":
      return checkYesNo(text);
  }
}

function checkText(text: string, { minimum, maximum }: AttributeDefinition): CheckedValue {
  const { length } = [...text];
  if (minimum !== null && length < minimum) return { trouble: `must have ${minimum} characters or more` };
  if (maximum !== null && length > maximum) return { trouble: `must have ${maximum} characters at most` };
  return { value: text };
}

function checkNumber(text: string, { minimum, maximum }: AttributeDefinition): CheckedValue {
  const value = Number(text);
  if (!/^-?\d{1,15}(\.\d{1,6})?$/.test(text.trim()))
    return { trouble: "must be a number such as 12 or -3.5, with up to 6 decimals" };
  if (minimum !== null && value < minimum) return { trouble: `must be ${minimum} or more` };
  if (maximum !== null && value > maximum) return { trouble: `must be ${maximum} or less` };
  // Never with an exponent: of at least 0.000001 and less than 10^15 JavaScript writes none, but of smaller ones.
  return { value: value === 0 ? "0" : String(value).includes("e") ? value.toFixed(6) : String(value) };
}

export const isDate = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text);
};

function checkDate(text: string, { earliest, latest }: AttributeDefinition): CheckedValue {
  if (!isDate(text)) return { trouble: "must be a date such as 2026-01-31" };
  if (earliest !== null && text < earliest) return { trouble: `must be ${earliest} or later` };
  if (latest !== null && text > latest) return { trouble: `must be ${latest} or earlier` };
  return { value: text };
}

function checkYesNo(text: string): CheckedValue {
  const said = text.trim().toLowerCase();
  if (["yes", "true", "1"].includes(said)) return { value: "yes" };
  if (["no", "false", "0"].includes(said)) return { value: "no" };
  return { trouble: "must be yes or no" };
}
