/**
 * Predicates as far as a plain device needs them (declarative-management, section 6): logic, comparisons, IN, the string
 * operators without options, `@status(…)` and `@property(…)`. What is beyond that cannot be evaluated, and is said so.
 */
export class UnableToParse extends Error {
  override readonly name = "UnableToParse";
}
export class UnableToEvaluate extends Error {
  override readonly name = "UnableToEvaluate";
}

export type Lookup = { status: (name: string) => unknown; property: (name: string) => unknown };
type Term = (lookup: Lookup) => unknown;
type Test = (lookup: Lookup) => boolean;

const token =
  /\s*(?:(@(?:status|property|key)\([^)]*\))|('[^']*'|"[^"]*")|(-?\d+(?:\.\d+)?)|(==|!=|<>|<=|=<|>=|=>|&&|\|\||[=<>!(){},])|([A-Za-z][A-Za-z.\d$@]*))/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (text.slice(token.lastIndex).trim() !== "") {
    const found = token.exec(text);
    if (!found) throw new UnableToParse(text);
    tokens.push(found[0].trim());
  }
  return tokens;
}

/** Whether the predicate holds; an absent one does. */
export function holds(predicate: string | undefined, lookup: Lookup): boolean {
  return predicate === undefined || new Reader(tokensOf(predicate)).whole()(lookup);
}

class Reader {
  readonly #tokens: string[];
  #at = 0;

  constructor(tokens: string[]) {
    this.#tokens = tokens;
  }

  whole(): Test {
    const test = this.#or();
    if (this.#at < this.#tokens.length) throw new UnableToParse(this.#tokens.join(" "));
    return test;
  }

  #next(): string {
    const next = this.#tokens[this.#at++];
    if (next === undefined) throw new UnableToParse("it ends too early");
    return next;
  }

  #takes(...words: string[]): boolean {
    const isOne = words.includes(this.#tokens[this.#at]?.toUpperCase() ?? "");
    if (isOne) this.#at += 1;
    return isOne;
  }

  #or(): Test {
    const tests = [this.#and()];
    while (this.#takes("OR", "||")) tests.push(this.#and());
    return (lookup) => tests.some((test) => test(lookup));
  }

  #and(): Test {
    const tests = [this.#not()];
    while (this.#takes("AND", "&&")) tests.push(this.#not());
    return (lookup) => tests.every((test) => test(lookup));
  }

  #not(): Test {
    if (this.#takes("NOT", "!")) {
      const test = this.#not();
      return (lookup) => !test(lookup);
    }
    if (this.#takes("TRUEPREDICATE")) return () => true;
    if (this.#takes("FALSEPREDICATE")) return () => false;
    if (this.#takes("(")) {
      const test = this.#or();
      if (!this.#takes(")")) throw new UnableToParse("a parenthesis is not closed");
      return test;
    }
    return this.#comparison();
  }

  #comparison(): Test {
    const left = this.#term();
    const operator = this.#next().toUpperCase();
    const compare = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
    if (!compare) throw new UnableToParse(operator);
    const right = this.#term();
    return (lookup) => compare(left(lookup), right(lookup));
  }

  #term(): Term {
    const word = this.#next();
    const named = /^@(status|property|key)\(([^)]*)\)$/.exec(word);
    if (named?.[1] === "status") return (lookup) => lookup.status(named[2]?.trim() ?? "");
    if (named?.[1] === "property") return (lookup) => lookup.property(named[2]?.trim() ?? "");
    if (/^['"]/.test(word)) return () => word.slice(1, -1);
    if (/^-?\d/.test(word)) return () => Number(word);
    const upper = word.toUpperCase();
    if (upper === "TRUE" || upper === "YES") return () => true;
    if (upper === "FALSE" || upper === "NO") return () => false;
    if (upper === "NULL" || upper === "NIL") return () => null;
    if (word === "{") return this.#list();
    return () => {
      throw new UnableToEvaluate(word);
    };
  }

  #list(): Term {
    const terms: Term[] = [];
    while (!this.#takes("}")) {
      terms.push(this.#term());
      this.#takes(",");
    }
    return (lookup) => terms.map((term) => term(lookup));
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const ordered =
  (test: (order: number) => boolean) =>
  (a: unknown, b: unknown): boolean =>
    typeof a === typeof b && (typeof a === "number" || typeof a === "string") && a !== null && b !== null
      ? test(a < (b as typeof a) ? -1 : a > (b as typeof a) ? 1 : 0)
      : false;
const equal = (a: unknown, b: unknown): boolean => (a ?? null) === (b ?? null);

const operators: Record<string, (a: unknown, b: unknown) => boolean> = {
  "==": equal,
  "=": equal,
  "!=": (a, b) => !equal(a, b),
  "<>": (a, b) => !equal(a, b),
  "<": ordered((order) => order < 0),
  "<=": ordered((order) => order <= 0),
  "=<": ordered((order) => order <= 0),
  ">": ordered((order) => order > 0),
  ">=": ordered((order) => order >= 0),
  "=>": ordered((order) => order >= 0),
  IN: (a, b) => Array.isArray(b) && b.some((one) => equal(a, one)),
  BEGINSWITH: (a, b) => text(a).startsWith(text(b)),
  ENDSWITH: (a, b) => text(a).endsWith(text(b)),
  CONTAINS: (a, b) => (Array.isArray(a) ? a.some((one) => equal(one, b)) : text(a).includes(text(b))),
};
