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

/** Whether anything in it needs the MASTER_KEY that it was sealed under. */
export async function isSealedUnderSomeKey(project: string, state: string): Promise<boolean> {
  const query =
    "SELECT (SELECT count(*) FROM master_keys) + (SELECT count(*) FROM authorities WHERE sealed_key IS NOT NULL) AS n";
  const asked = await runWrangler(project, [
    ...["d1", "execute", "DB", "--local", "--persist-to", state],
    ...["--json", "--command", query],
  ]);
  if (asked.code !== 0) throw new Trouble(`the database in ${state} does not answer:\n${complaintOf(asked)}`);
  const [answer] = JSON.parse(asked.stdout) as { results: { n: number }[] }[];
  return (answer?.results[0]?.n ?? 0) > 0;
}
