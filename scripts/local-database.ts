// The local D1 of `npm start`, brought up to date.
import { Trouble } from "./trouble.ts";
import { complaintOf, runWrangler } from "./wrangler.ts";

/** Applies the migrations that the database in this folder has not had. */
export async function migrate(project: string, state: string): Promise<void> {
  const migrations = ["d1", "migrations", "apply", "DB", "--local", "--persist-to", state];
  const applied = await runWrangler(project, migrations);
  if (applied.code === 0) return;
  throw new Trouble(`the database in ${state} could not be brought up to date:\n${complaintOf(applied)}`);
}
