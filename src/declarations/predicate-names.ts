import type { Expression, Predicate } from "./predicate.ts";

/** What a predicate asks the device for. */
export type PredicateNames = {
  statusItems: string[];
  properties: string[];
  /** Of elements of a status item that is a list. */
  keys: { item: string; key: string }[];
};

export function namesIn(predicate: Predicate): PredicateNames {
  const found = { status: new Set<string>(), property: new Set<string>() };
  const keys = new Map<string, { item: string; key: string }>();
  inPredicate(predicate, {
    name: (kind, name) => found[kind].add(name),
    key: (item, key) => keys.set(`${item} ${key}`, { item, key }),
    lists: new Map(),
  });
  return {
    statusItems: [...found.status].sort(),
    properties: [...found.property].sort(),
    keys: [...keys.values()],
  };
}

type Walk = {
  name: (kind: "status" | "property", name: string) => void;
  key: (item: string, key: string) => void;
  /** The status item whose elements a variable stands for. */
  lists: ReadonlyMap<string, string>;
};

function inPredicate(predicate: Predicate, walk: Walk): void {
  if (predicate.kind === "not") inPredicate(predicate.operand, walk);
  if (predicate.kind === "and" || predicate.kind === "or")
    for (const operand of predicate.operands) inPredicate(operand, walk);
  if (predicate.kind === "comparison")
    for (const side of [predicate.left, predicate.right]) inExpression(side, walk);
}

function inExpression(expression: Expression, walk: Walk): void {
  const { kind } = expression;
  if (kind === "status" || kind === "property") walk.name(kind, expression.name);
  if (kind === "list") for (const item of expression.items) inExpression(item, walk);
  if (kind === "key" || kind === "count") inExpression(expression.of, walk);
  if (kind === "key") {
    const item = itemOf(expression.of, walk);
    if (item !== undefined) walk.key(item, expression.name);
  }
  if (kind === "subquery") {
    inExpression(expression.collection, walk);
    const item = itemOf(expression.collection, walk);
    const lists = item === undefined ? walk.lists : new Map(walk.lists).set(expression.variable, item);
    inPredicate(expression.predicate, { ...walk, lists });
  }
}

function itemOf(expression: Expression, { lists }: Walk): string | undefined {
  if (expression.kind === "status") return expression.name;
  return expression.kind === "variable" ? lists.get(expression.name) : undefined;
}
