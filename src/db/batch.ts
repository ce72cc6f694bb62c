import { type SQL, sql } from "drizzle-orm";

/** The most bound parameters that D1 takes in a statement. */
export const mostParameters = 100;

/** Splits a list into pieces for statements with a limit. */
export const chunks = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));

/** A list of any length as one parameter: `name IN ${among(names)}`. */
export const among = (values: readonly (string | number)[]): SQL =>
  sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
