// What came as YAML or JSON and is not known yet.

export type Json = Record<string, unknown>;

/** The members of an object; none where there is no object. */
export const membersOf = (value: unknown): Readonly<Json> =>
  typeof value === "object" && value !== null ? (value as Json) : {};

/** The items of a list; none where there is no list. */
export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
