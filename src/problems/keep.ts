import { openDb } from "../db/open.ts";
import { dropProblem, problemsOf, putProblem } from "../db/problems.ts";
import { announceAll } from "../events/announce.ts";
import type { ProblemCode } from "./codes.ts";
import type { Finding } from "./problem.ts";
import { reconcile } from "./reconcile.ts";

export type Kept = { opened: number; reminded: number; closed: number };

/** The findings of these codes become their open problems. Rows and events are one step, so each is reported once. */
export async function keepFindings(
  env: Env,
  codes: readonly ProblemCode[],
  found: readonly Finding[],
  now: number,
): Promise<Kept> {
  const db = openDb(env.DB);
  const { put, drop, events } = reconcile(await problemsOf(db, codes), found, now);
  await announceAll(env, events, now, [
    ...put.map((row) => putProblem(db, row)),
    ...drop.map(({ key }) => dropProblem(db, key)),
  ]);
  const count = (name: string): number => events.filter((event) => event.name === name).length;
  return {
    opened: count("problem.opened"),
    reminded: count("problem.reminded"),
    closed: count("problem.closed"),
  };
}
