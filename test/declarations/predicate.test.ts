import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePredicate } from "../../src/declarations/predicate.ts";
import { namesIn } from "../../src/declarations/predicate-names.ts";

const parsed = (text: string) => {
  const result = parsePredicate(text);
  if (!result.ok) throw new Error(`${result.refusal.at}: ${result.refusal.detail}`);
  return result.value;
};
const comparison = {
  kind: "comparison",
  quantifier: undefined,
  ignoresCase: false,
  ignoresDiacritics: false,
};
const ring = { kind: "property", name: "ring" };
const literal = (value: unknown) => ({ kind: "literal", value });

test.each([
  ["TRUEPREDICATE", { kind: "constant", value: true }],
  ["falsepredicate", { kind: "constant", value: false }],
  ["@property(ring) <= 20", { ...comparison, operator: "<=", left: ring, right: literal(20) }],
  ["@property( ring )=<-2.5e1", { ...comparison, operator: "<=", left: ring, right: literal(-25) }],
  [
    "@status(device.model.family) == 'iPad'",
    {
      ...comparison,
      operator: "==",
      left: { kind: "status", name: "device.model.family" },
      right: literal("iPad"),
    },
  ],
  [
    "@status(passcode.is-compliant) <> no",
    {
      ...comparison,
      operator: "!=",
      left: { kind: "status", name: "passcode.is-compliant" },
      right: literal(false),
    },
  ],
  [
    String.raw`"O\"K\\" contains[cd] @property(ring)`,
    {
      ...comparison,
      ignoresCase: true,
      ignoresDiacritics: true,
      operator: "CONTAINS",
      left: literal('O"K\\'),
      right: ring,
    },
  ],
  [
    "SOME @property(ring) IN {1, nil, 'x'}",
    {
      ...comparison,
      quantifier: "ANY",
      operator: "IN",
      left: ring,
      right: { kind: "list", items: [literal(1), literal(null), literal("x")] },
    },
  ],
  [
    "(@property(ring)) BETWEEN {1, 5}",
    {
      ...comparison,
      operator: "BETWEEN",
      left: ring,
      right: { kind: "list", items: [literal(1), literal(5)] },
    },
  ],
])("%s", (text, expected) => {
  expect(parsed(text)).toEqual(expected);
});

test("AND binds closer than OR, NOT closer than both, and parentheses closest", () => {
  const [yes, no] = ["TRUEPREDICATE", "FALSEPREDICATE"];

  expect(parsed(`${yes} OR ${no} AND NOT ${yes}`)).toEqual({
    kind: "or",
    operands: [parsed(yes), { kind: "and", operands: [parsed(no), { kind: "not", operand: parsed(yes) }] }],
  });
  expect(parsed(`(${yes} || ${no}) && !(!${yes})`)).toEqual({
    kind: "and",
    operands: [
      { kind: "or", operands: [parsed(yes), parsed(no)] },
      { kind: "not", operand: { kind: "not", operand: parsed(yes) } },
    ],
  });
});

test("a subquery counts the elements of a list that fit", () => {
  const text = `SUBQUERY(@status(mdm.app), $a, $a.@key(identifier) == 'com.example.x'
    AND ($a.@key(state) LIKE "man*")).@count > 0`;

  const predicate = parsed(text);

  expect(predicate).toMatchObject({
    operator: ">",
    left: {
      kind: "count",
      of: {
        kind: "subquery",
        collection: { kind: "status", name: "mdm.app" },
        variable: "a",
        predicate: {
          kind: "and",
          operands: [
            { left: { kind: "key", of: { kind: "variable", name: "a" }, name: "identifier" } },
            { operator: "LIKE" },
          ],
        },
      },
    },
  });
  expect(namesIn(predicate)).toEqual({
    statusItems: ["mdm.app"],
    properties: [],
    keys: [
      { item: "mdm.app", key: "identifier" },
      { item: "mdm.app", key: "state" },
    ],
  });
});

test("a predicate tells which status items and properties it asks for", () => {
  const text = "@status(b) IN {@property(p), 1} OR NOT (@status(a).@count == @status(b))";

  expect(namesIn(parsed(text))).toEqual({ statusItems: ["a", "b"], properties: ["p"], keys: [] });
});

test.each([
  ["", 0, "the predicate ends where a value is expected"],
  ["@status(a)", 0, "a value alone is no condition: compare it with something"],
  ["TRUEPREDICATE AND 'x'", 18, "a value alone is no condition: compare it with something"],
  ["@status(a) == ", 14, "the predicate ends where a value is expected"],
  ["@status('a') == 1", 0, "the name in @status(…) must be without quotes"],
  ["@status() == 1", 0, "@status() needs a name"],
  ["@state(a) == 1", 0, "write @status(…), @property(…), @key(…) or @count"],
  ["@status(a) == iPad", 14, "IPAD is no value: texts stand in quotes, status items in @status(…)"],
  ["@status(a) == 'x", 14, "the text that begins here has no end"],
  ["@status(a) == 1 @status(b) == 2", 16, "the end, AND or OR is expected here"],
  ["(@status(a) == 1", 16, ") is expected here"],
  ["@status(a) BETWEEN 1", 11, "BETWEEN takes two values: BETWEEN {1, 5}"],
  ["@status(a) LIKE[x] 'b'", 16, "the options are [c], [d] and [cd]"],
  ["$x == 1", 0, "$x is not the variable of a SUBQUERY around it"],
  ["@key(a) == 1", 0, "@key(…) follows a variable or a collection and a dot"],
  ["@status(a).b == 1", 11, "@key(…) or @count is expected after the dot"],
  ["ANY @status(a)", 14, "an operator is expected here"],
  ["TRUEPREDICATE == 1", 14, "the end, AND or OR is expected here"],
  ["(TRUEPREDICATE) == 1", 0, "a condition cannot be compared"],
  ["@status(a) == 1 ; 2", 16, '";" has no meaning here'],
  [`${"(".repeat(60)}1`, 50, "nested deeper than 50"],
  ["x".repeat(20_001), 20_000, "longer than 20000 characters"],
])("%s cannot be read", (text, at, detail) => {
  expect(parsePredicate(text)).toEqual({ ok: false, refusal: { at, detail } });
});

test("no text makes the parser throw or hang", () => {
  const words = fc.constantFrom(
    ..."@status(a)|@property(b)|$x|SUBQUERY(|,|)|(|{|}|AND|!|==|IN|[c]|.@count|'t'|1|ANY|TRUEPREDICATE".split(
      "|",
    ),
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 40 }).map((list) => list.join(" ")),
  );

  fc.assert(fc.property(text, (given) => typeof parsePredicate(given).ok === "boolean"));
});
