import type { Expression, Predicate } from "./predicate.ts";

/** What a predicate asks the device for. */
export interface PredicateNames {
  statusItems: string[];
  properties: string[];
}

export function namesIn(predicate: Predicate): PredicateNames {
  const found = { status: new Set<string>(), property: new Set<string>() };
  inPredicate(predicate, (kind, name) => found[kind].add(name));
  return { statusItems: [...found.status].sort(), properties: [...found.property].sort() };
}

type Tell = (kind: "status" | "property", name: string) => void;

function inPredicate(predicate: Predicate, tell: Tell): void {
  if (predicate.kind === "not") inPredicate(predicate.operand, tell);
  if (predicate.kind === "and" || predicate.kind === "or")
    for (const operand of predicate.operands) inPredicate(operand, tell);
  if (predicate.kind === "comparison")
    for (const side of [predicate.left, predicate.right]) inExpression(side, tell);
}

function inExpression(expression: Expression, tell: Tell): void {
  const { kind } = expression;
  if (kind === "status" || kind === "property") tell(kind, expression.name);
  if (kind === "list") for (const item of expression.items) inExpression(item, tell);
  if (kind === "key" || kind === "count") inExpression(expression.of, tell);
  if (kind === "subquery") {
    inExpression(expression.collection, tell);
    inPredicate(expression.predicate, tell);
  }
}
