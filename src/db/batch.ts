import { type SQL, sql } from "drizzle-orm";

/** D1 takes so many bound parameters a statement, and no more. */
export const mostParameters = 100;

/** Pieces of a list, for statements that are bounded each. */
export const chunks = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));

/** A list of any length as one parameter: `name IN ${among(names)}`. */
export const among = (values: readonly (string | number)[]): SQL =>
  sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
