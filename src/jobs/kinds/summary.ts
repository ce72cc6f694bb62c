import { openDb } from "../../db/open.ts";
import { emptyTally, type FleetTally, keepSummary, tallyPage } from "../../db/summary.ts";
import { type JobKind, jobKind } from "../job-kind.ts";

/** The tally goes along with the walk. A small fleet is counted whenever somebody asks: nothing is kept of it. */
type Cursor = { after: string; tally: FleetTally };

export const summary: JobKind = jobKind<Cursor>(
  { after: "", tally: emptyTally() },
  async (env, cursor, now) => {
    const db = openDb(env.DB);
    const { tally, last } = await tallyPage(db, cursor.tally, cursor.after, now);
    const done = { counts: { pages: 1 }, remarks: [] };
    if (last !== undefined) return { ...done, next: { after: last, tally } };
    if (cursor.after !== "") await keepSummary(db, tally, now);
    return { ...done, ends: "done", outcome: "all devices were counted" };
  },
);
