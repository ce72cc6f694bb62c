/** Every spelling of an operator, and the one it stands for. */
export const operators = {
  "=": "==",
  "==": "==",
  "!=": "!=",
  "<>": "!=",
  "<": "<",
  "<=": "<=",
  "=<": "<=",
  ">": ">",
  ">=": ">=",
  "=>": ">=",
  BETWEEN: "BETWEEN",
  IN: "IN",
  BEGINSWITH: "BEGINSWITH",
  ENDSWITH: "ENDSWITH",
  CONTAINS: "CONTAINS",
  LIKE: "LIKE",
  MATCHES: "MATCHES",
} as const;
export type Operator = (typeof operators)[keyof typeof operators];

export const quantifiers = { ANY: "ANY", SOME: "ANY", ALL: "ALL", NONE: "NONE" } as const;
export const constants = new Map<string, boolean | null>([
  ["TRUE", true],
  ["YES", true],
  ["FALSE", false],
  ["NO", false],
  ["NULL", null],
  ["NIL", null],
]);
