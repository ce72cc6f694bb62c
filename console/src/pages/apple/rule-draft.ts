// A rule as it is typed: one value a line. A condition without a value is none.
import type { Schemas } from "../../../../client/api.d.ts";

type Rule = Schemas["AdeRule"];

export const conditions = ["families", "models", "serials", "order_numbers"] as const;

type Condition = (typeof conditions)[number];

/** `key` stays with a rule when it is moved. */
export type DraftRule = { key: string; profile: string } & Record<Condition, string>;

export const draftOf = (rule: Rule, at: number): DraftRule => ({
  key: `known ${at}`,
  profile: rule.profile,
  ...(Object.fromEntries(conditions.map((name) => [name, (rule[name] ?? []).join("\n")])) as Record<
    Condition,
    string
  >),
});

export const emptyRule = (profile: string): DraftRule => ({
  ...draftOf({ profile }, 0),
  key: crypto.randomUUID(),
});

export const rulesOf = (drafts: readonly DraftRule[]): Rule[] =>
  drafts.map((draft) => ({
    profile: draft.profile,
    ...Object.fromEntries(
      conditions
        .map((name) => [name, linesOf(draft[name])] as const)
        .filter(([, values]) => values.length > 0),
    ),
  }));

export const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** What the server says of a rule's field, or of one value in it. */
export const fieldOfError = (
  errors: Readonly<Record<string, string>>,
  at: number,
  field: string,
): string | undefined => {
  const place = `/rules/${at}/${field}`;
  return Object.entries(errors).find(
    ([pointer]) => pointer === place || pointer.startsWith(`${place}/`),
  )?.[1];
};
