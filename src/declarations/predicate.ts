// The condition of an activation: NSPredicate's format syntax with Apple's terms for status items, management
// properties and keys of list elements.
// https://developer.apple.com/documentation/devicemanagement/activationsimple
// Reads only: whether a predicate holds is for the device to say.
import { ok, type Result, refuse } from "../base/result.ts";
import { type PredicateRefusal, type Token, tokensOf, Unreadable } from "./predicate-tokens.ts";
import { constants, type Operator, operators, quantifiers } from "./predicate-words.ts";

export type Predicate =
  | { kind: "constant"; value: boolean }
  | { kind: "and" | "or"; operands: Predicate[] }
  | { kind: "not"; operand: Predicate }
  | Comparison;

export type Comparison = {
  kind: "comparison";
  /** SOME is ANY. */
  quantifier: "ANY" | "ALL" | "NONE" | undefined;
  operator: Operator;
  ignoresCase: boolean;
  ignoresDiacritics: boolean;
  left: Expression;
  right: Expression;
};

export type Expression =
  | { kind: "literal"; value: string | number | boolean | null }
  | { kind: "list"; items: Expression[] }
  | { kind: "status" | "property"; name: string }
  | { kind: "variable"; name: string }
  /** `….@key(name)` */
  | { kind: "key"; of: Expression; name: string }
  /** `….@count` */
  | { kind: "count"; of: Expression }
  | { kind: "subquery"; collection: Expression; variable: string; predicate: Predicate };

const longest = 20_000;
const deepest = 50;

/** The first thing that cannot be read is what is refused, with its place. */
export function parsePredicate(text: string): Result<Predicate, PredicateRefusal> {
  if (text.length > longest) return refuse({ at: longest, detail: `longer than ${longest} characters` });
  try {
    return ok(new Reader(tokensOf(text)).whole());
  } catch (fault) {
    if (fault instanceof Unreadable) return refuse({ at: fault.at, detail: fault.detail });
    throw fault;
  }
}

type Found = { predicate: Predicate } | { expression: Expression };

class Reader {
  readonly tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  readonly #variables: string[] = [];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): Predicate {
    const predicate = this.#predicate();
    if (this.#token.kind !== "end") this.#fail("the end, AND or OR is expected here");
    return predicate;
  }

  #predicate(): Predicate {
    const start = this.#token;
    const found = this.#either();
    if ("predicate" in found) return found.predicate;
    throw new Unreadable(start.at, "a value alone is no condition: compare it with something");
  }

  // A parenthesis may hold a condition or a value, and only what stands in it tells which.
  #either(): Found {
    this.#depth += 1;
    if (this.#depth > deepest) this.#fail(`nested deeper than ${deepest}`);
    const found = this.#joined("or", ["OR", "||"], () =>
      this.#joined("and", ["AND", "&&"], () => this.#negated()),
    );
    this.#depth -= 1;
    return found;
  }

  #joined(kind: "and" | "or", words: readonly string[], part: () => Found): Found {
    const start = this.#token;
    const first = part();
    if (!this.#is(...words)) return first;
    const operands = [asPredicate(first, start)];
    while (this.#take(...words)) {
      const next = this.#token;
      operands.push(asPredicate(part(), next));
    }
    return { predicate: { kind, operands } };
  }

  #negated(): Found {
    let negations = 0;
    while (this.#take("NOT", "!")) negations += 1;
    const start = this.#token;
    const found = this.#compared();
    if (negations === 0) return found;
    const operand = asPredicate(found, start);
    return { predicate: negations % 2 === 0 ? operand : { kind: "not", operand } };
  }

  #compared(): Found {
    if (this.#take("TRUEPREDICATE")) return { predicate: { kind: "constant", value: true } };
    if (this.#take("FALSEPREDICATE")) return { predicate: { kind: "constant", value: false } };
    const quantifier = this.#oneOf(quantifiers);
    const start = this.#token;
    const left = this.#operand();
    const spelled = this.#token;
    const operator = this.#oneOf(operators);
    if (operator === undefined) {
      if (quantifier !== undefined) this.#fail("an operator is expected here");
      return left;
    }
    if (!("expression" in left)) throw new Unreadable(start.at, "a condition cannot be compared");
    const options = this.#options();
    const right = this.#operand();
    if (!("expression" in right)) throw new Unreadable(spelled.at, "a condition cannot be compared");
    checkRange(operator, right.expression, spelled);
    return {
      predicate: {
        kind: "comparison",
        quantifier,
        operator,
        ...options,
        left: left.expression,
        right: right.expression,
      },
    };
  }

  #options(): { ignoresCase: boolean; ignoresDiacritics: boolean } {
    if (!this.#take("[")) return { ignoresCase: false, ignoresDiacritics: false };
    const letters = this.#token.value;
    if (!/^(C|D|CD|DC)$/.test(letters)) this.#fail("the options are [c], [d] and [cd]");
    this.#next += 1;
    this.#demand("]");
    return { ignoresCase: letters.includes("C"), ignoresDiacritics: letters.includes("D") };
  }

  #operand(): Found {
    const found = this.#bare();
    if (!("expression" in found)) return found;
    let { expression } = found;
    while (this.#take(".")) expression = this.#member(expression);
    return { expression };
  }

  #member(of: Expression): Expression {
    const { kind, term, value } = this.#token;
    if (this.#take("@count")) return { kind: "count", of };
    if (kind !== "term" || term !== "key") this.#fail("@key(…) or @count is expected after the dot");
    this.#next += 1;
    return { kind: "key", of, name: value };
  }

  #bare(): Found {
    const token = this.#token;
    if (this.#take("(")) {
      const inner = this.#either();
      this.#demand(")");
      return inner;
    }
    this.#next += 1;
    switch (token.kind) {
      case "text":
        return { expression: { kind: "literal", value: token.value } };
      case "number":
        return { expression: { kind: "literal", value: Number(token.value) } };
      case "variable":
        return { expression: this.#variable(token) };
      case "term":
        return { expression: termOf(token) };
      case "word":
        return { expression: this.#wordOf(token) };
      case "sign":
        if (token.value === "{") return { expression: { kind: "list", items: this.#items() } };
        throw new Unreadable(token.at, `a value is expected here, not ${token.value}`);
      case "end":
        throw new Unreadable(token.at, "the predicate ends where a value is expected");
    }
  }

  #wordOf({ value, at }: Token): Expression {
    if (value === "SUBQUERY") return this.#subquery();
    const constant = constants.get(value);
    if (constant !== undefined) return { kind: "literal", value: constant };
    throw new Unreadable(at, `${value} is no value: texts stand in quotes, status items in @status(…)`);
  }

  #items(): Expression[] {
    const items: Expression[] = [];
    if (this.#take("}")) return items;
    do items.push(this.#value());
    while (this.#take(","));
    this.#demand("}");
    return items;
  }

  #subquery(): Expression {
    this.#demand("(");
    const collection = this.#value();
    this.#demand(",");
    const { kind, value: variable } = this.#token;
    if (kind !== "variable") this.#fail("a variable such as $x is expected here");
    this.#next += 1;
    this.#demand(",");
    this.#variables.push(variable);
    const predicate = this.#predicate();
    this.#variables.pop();
    this.#demand(")");
    return { kind: "subquery", collection, variable, predicate };
  }

  #variable({ value: name, at }: Token): Expression {
    if (this.#variables.includes(name)) return { kind: "variable", name };
    throw new Unreadable(at, `$${name} is not the variable of a SUBQUERY around it`);
  }

  #value(): Expression {
    const start = this.#token;
    const found = this.#operand();
    if ("expression" in found) return found.expression;
    throw new Unreadable(start.at, "a value is expected here, not a condition");
  }

  get #token(): Token {
    return this.tokens[this.#next] ?? { kind: "end", value: "", at: 0 };
  }

  #is(...values: string[]): boolean {
    const { kind, value } = this.#token;
    return (kind === "word" || kind === "sign") && values.includes(value);
  }

  #take(...values: string[]): boolean {
    const taken = this.#is(...values);
    if (taken) this.#next += 1;
    return taken;
  }

  #oneOf<Table extends Record<string, unknown>>(table: Table): Table[keyof Table] | undefined {
    const { value } = this.#token;
    return Object.hasOwn(table, value) && this.#take(value)
      ? (table[value] as Table[keyof Table])
      : undefined;
  }

  #demand(sign: string): void {
    if (!this.#take(sign)) this.#fail(`${sign} is expected here`);
  }

  #fail(detail: string): never {
    throw new Unreadable(this.#token.at, detail);
  }
}

function termOf({ term, value: name, at }: Token): Expression {
  if (term === "status" || term === "property") return { kind: term, name };
  throw new Unreadable(at, "@key(…) follows a variable or a collection and a dot");
}

function asPredicate(found: Found, { at }: Token): Predicate {
  if ("predicate" in found) return found.predicate;
  throw new Unreadable(at, "a value alone is no condition: compare it with something");
}

function checkRange(operator: Operator, right: Expression, { at }: Token): void {
  if (operator === "BETWEEN" && !(right.kind === "list" && right.items.length === 2))
    throw new Unreadable(at, "BETWEEN takes two values: BETWEEN {1, 5}");
}
