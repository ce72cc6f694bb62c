import type { Context } from "./context.ts";
import { type Finding, Findings, pointerTo } from "./finding.ts";
import { type ProseRule, proseRules } from "./prose-rules.ts";
import type { Scalar } from "./spec.ts";
import { type Form, memberOf, membersOf, typeOf, untag } from "./value-type.ts";

/**
 * Holds a command against the rules that stand in Apple's sentences alone. What is of the wrong type there, or not there
 * at all, is for the validator; here only what is there together.
 */
export function checkProse(
  requestType: string,
  payload: unknown,
  context: Context,
  form: Form,
  pointer = "",
): Finding[] {
  const rules = Object.hasOwn(proseRules, requestType) ? (proseRules[requestType] ?? []) : [];
  const findings = new Findings();
  for (const rule of rules) {
    if (rule.only?.(context) === false) continue;
    for (const place of placesOf(payload, rule.at ?? [], form, pointer)) apply(rule, place, findings);
  }
  return findings.list;
}

type Place = { dict: unknown; pointer: string };

/** The dictionaries that a path leads to; none where something else is in the way. */
function* placesOf(
  raw: unknown,
  [step, ...rest]: readonly string[],
  form: Form,
  pointer: string,
): Generator<Place> {
  const value = untag(raw, form);
  if (step === undefined) {
    if (typeOf(value) === "dictionary") yield { dict: value, pointer };
  } else if (step === "*") {
    if (!Array.isArray(value)) return;
    for (const [at, element] of value.entries()) yield* placesOf(element, rest, form, pointerTo(pointer, at));
  } else if (typeOf(value) === "dictionary") {
    yield* placesOf(memberOf(value, step), rest, form, pointerTo(pointer, step));
  }
}

function apply(rule: ProseRule, { dict, pointer }: Place, findings: Findings): void {
  // `false` says the same as leaving a key out.
  const isThere = (name: string): boolean => ![undefined, false].includes(memberOf(dict, name) as undefined);
  const holds = (name: string, value?: Scalar): boolean =>
    value === undefined ? memberOf(dict, name) !== undefined : memberOf(dict, name) === value;
  const at = (name: string): string => pointerTo(pointer, name);

  if ("exactlyOneOf" in rule || "oneOf" in rule) {
    const names = "oneOf" in rule ? rule.oneOf : rule.exactlyOneOf;
    const [first, second] = names.filter(isThere);
    if (first === undefined) findings.add(pointer, "one-of", `one of ${names.join(", ")} must be there`);
    else if (second !== undefined && "exactlyOneOf" in rule)
      findings.add(
        at(second),
        "one-of",
        `only one of ${names.join(", ")} may be there; ${first} is there too`,
      );
  } else if ("needs" in rule) {
    if (holds(rule.key, rule.is) && !holds(rule.needs, rule.being))
      findings.add(at(rule.needs), "needs-key", `${saying(rule.key, rule.is)} needs it: ${rule.because}`);
  } else if ("idleWithout" in rule) {
    if (isThere(rule.key) && !holds(rule.idleWithout, rule.being))
      findings.add(
        at(rule.key),
        "ignored-here",
        `it does nothing without ${saying(rule.idleWithout, rule.being)}`,
      );
  } else if ("alone" in rule) {
    const other = [...membersOf(dict)].find(([name]) => name !== rule.key && name !== "RequestType");
    if (isThere(rule.key) && other !== undefined) findings.add(at(other[0]), "one-of", rule.because);
  } else if ("form" in rule) {
    const value = memberOf(dict, rule.key);
    if (typeof value === "string" && !rule.form.test(value))
      findings.add(at(rule.key), "bad-format", rule.because);
  } else {
    const value = memberOf(dict, rule.key);
    if (Array.isArray(value) && value.length > 1)
      findings.add(pointerTo(at(rule.key), 1), "ignored-here", "a device looks at the first one only");
  }
}

const saying = (name: string, value: Scalar | undefined): string =>
  value === undefined ? name : `${name} ${JSON.stringify(value)}`;
