/** The words of a predicate, each with its place. */
export type Token = {
  kind: "word" | "text" | "number" | "sign" | "term" | "variable" | "end";
  /** For words, in upper case; for texts and terms, the content. */
  value: string;
  /** Where it begins: characters from 0. */
  at: number;
  /** For a term such as `@status(a.b)`: the word before the parenthesis. */
  term?: string;
};

export type PredicateRefusal = {
  /** Characters from 0. */
  at: number;
  detail: string;
};

/** Leaves the recursion at once; caught in this folder. */
export class Unreadable extends Error {
  readonly at: number;
  readonly detail: string;

  constructor(at: number, detail: string) {
    super(detail);
    this.at = at;
    this.detail = detail;
  }
}

const signs = ["&&", "||", "==", "=<", "=>", "<=", ">=", "<>", "!=", ..."(){}[],.=<>!"];
const word = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /-?(?:0x[0-9A-Fa-f]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
const term = /@(?<term>status|property|key)\s*\(\s*(?<name>[^()]*?)\s*\)/iy;
const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r" };

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const { token, end } = nextToken(text, at);
    tokens.push(token);
    at = skipSpace(text, end);
  }
  tokens.push({ kind: "end", value: "", at: text.length });
  return tokens;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? "")) at += 1;
  return at;
}

function nextToken(text: string, at: number): { token: Token; end: number } {
  const character = text[at] ?? "";
  if (character === "'" || character === '"') return readText(text, at);
  if (character === "@") return readTerm(text, at);
  if (character === "$") return readVariable(text, at);
  const numeric = matchAt(number, text, at)?.[0];
  if (numeric !== undefined) return whole("number", numeric, numeric, at);
  const named = matchAt(word, text, at)?.[0];
  if (named !== undefined) return whole("word", named.toUpperCase(), named, at);
  const sign = signs.find((candidate) => text.startsWith(candidate, at));
  if (sign !== undefined) return whole("sign", sign, sign, at);
  throw new Unreadable(at, `${JSON.stringify(character)} has no meaning here`);
}

const whole = (kind: Token["kind"], value: string, spelled: string, at: number) => ({
  token: { kind, value, at },
  end: at + spelled.length,
});

function readText(text: string, start: number): { token: Token; end: number } {
  const quote = text[start];
  let value = "";
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === quote) return { token: { kind: "text", value, at: start }, end: at + 1 };
    if (character === "\\") {
      at += 1;
      const escaped = text[at] ?? "";
      value += escapes[escaped] ?? escaped;
    } else value += character;
  }
  throw new Unreadable(start, "the text that begins here has no end");
}

function readTerm(text: string, at: number): { token: Token; end: number } {
  if (/^@count\b/i.test(text.slice(at, at + 7))) return whole("sign", "@count", "@count", at);
  const found = matchAt(term, text, at);
  const { term: kind = "", name = "" } = found?.groups ?? {};
  if (!found) throw new Unreadable(at, "write @status(…), @property(…), @key(…) or @count");
  if (name === "") throw new Unreadable(at, `@${kind}() needs a name`);
  if (/^['"]/.test(name)) throw new Unreadable(at, `the name in @${kind}(…) must be without quotes`);
  const token: Token = { kind: "term", value: name, term: kind.toLowerCase(), at };
  return { token, end: at + found[0].length };
}

function readVariable(text: string, at: number): { token: Token; end: number } {
  const name = matchAt(word, text, at + 1)?.[0];
  if (name === undefined) throw new Unreadable(at, "$ needs the name of a variable");
  return whole("variable", name, `$${name}`, at);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
