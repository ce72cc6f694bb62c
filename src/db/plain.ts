import type { RunnableQuery } from "drizzle-orm/runnable-query";
import type { Db } from "./open.ts";

type Value = string | number | null;

/**
 * A statement in plain SQL for a batch of statements that drizzle builds. It is for what every delivery of events runs:
 * building that from a table with all its columns costs more than the rest of the delivery.
 */
export function plain<Row extends object, Answer = void>(
  db: Db,
  text: string,
  values: readonly Value[],
  answer?: (rows: Row[]) => Answer,
): RunnableQuery<Answer, "sqlite"> {
  // What drizzle asks of each statement of a batch.
  const prepared = {
    stmt: db.$client.prepare(text),
    getQuery: () => ({ sql: text, params: values }),
    mapResult: ({ results }: { results: Row[] }) => answer?.(results),
  };
  return { _prepare: () => prepared } as unknown as RunnableQuery<Answer, "sqlite">;
}
