import { eq, inArray } from "drizzle-orm";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { problems } from "./schema/problems.ts";

export type ProblemRow = typeof problems.$inferSelect;

/** All open problems: each detector finds a limited number, so there is no cursor. */
export const listProblems = (db: Db): Promise<ProblemRow[]> => read(() => db.select().from(problems).all());

export const problemsOf = (db: Db, codes: readonly string[]): Promise<ProblemRow[]> =>
  read(() =>
    db
      .select()
      .from(problems)
      .where(inArray(problems.code, [...codes]))
      .all(),
  );

export const putProblem = (db: Db, row: ProblemRow): Statement =>
  db.insert(problems).values(row).onConflictDoUpdate({ target: problems.key, set: row });

export const dropProblem = (db: Db, key: string): Statement =>
  db.delete(problems).where(eq(problems.key, key));
