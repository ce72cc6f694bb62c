import { env } from "cloudflare:workers";

export type Note = { concerns: string; set_name: string | null; device_id: string | null; quiet: number };

/** From here on what is noted of changes is written down once more: the job that it is for takes it away as it likes. */
export async function keepNotes(): Promise<void> {
  await env.DB.batch([
    env.DB.prepare("CREATE TABLE IF NOT EXISTS noted AS SELECT * FROM assignment_changes WHERE false"),
    env.DB.prepare(
      `CREATE TRIGGER IF NOT EXISTS note AFTER INSERT ON assignment_changes
         BEGIN INSERT INTO noted SELECT * FROM assignment_changes WHERE id = new.id; END`,
    ),
    env.DB.prepare("DELETE FROM noted"),
  ]);
}

/** Since the last look. */
export async function notes(): Promise<Note[]> {
  const query = "SELECT concerns, set_name, device_id, quiet FROM noted ORDER BY id";
  const { results } = await env.DB.prepare(query).all<Note>();
  await env.DB.prepare("DELETE FROM noted").run();
  return results;
}
