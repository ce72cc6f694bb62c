// `npm run restore -- --url URL --in FILE`: writes a backup into a deployment, page by page. It may be stopped and run
// again: pages that are there already do no harm.
import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { askFor, readRestoreOptions, tokenOfAdministrator } from "./backup/server.ts";
import { progressLine } from "./progress-line.ts";
import { run } from "./run.ts";
import { Trouble } from "./trouble.ts";

await run(restore);

async function restore(): Promise<void> {
  const { origin, file, force } = readRestoreOptions();
  const token = tokenOfAdministrator();
  if (!existsSync(file)) throw new Trouble(`there is no file ${file}`);
  const show = progressLine();
  const seen = { pages: 0, devices: 0, kept: 0, unread: 0, rows: 0 };
  let done = false;
  for await (const page of pagesOf(file)) {
    // A backup is forced once: from then on the deployment knows that its pages are coming.
    const query = force && seen.pages === 0 ? "?force=true" : "";
    const answer = await askFor(`${origin}/api/v1/backup/restore${query}`, {
      method: "POST",
      token,
      text: page,
    });
    const restored = JSON.parse(answer);
    seen.pages += 1;
    for (const what of ["devices", "kept", "unread", "rows"] as const) seen[what] += restored[what];
    done = restored.done;
    show(`${seen.pages} pages, ${seen.devices} devices, ${seen.rows} rows`, done);
  }
  if (!done)
    throw new Trouble(
      `${file} ends early, after ${seen.pages} pages, which are written now; restore a whole one`,
    );
  console.log("");
  if (seen.kept > 0) console.log(`${seen.kept} devices hold something already, and were left as they are`);
  if (seen.unread > 0)
    console.log(`${seen.unread} devices did not answer the backup; they are adopted when they connect`);
  console.log("The backup is restored. Check GET /api/v1/authorities for the fingerprint you know.");
}

/** Each page begins with its head. */
async function* pagesOf(file: string): AsyncGenerator<string> {
  let page = "";
  for await (const line of createInterface({
    input: createReadStream(file, "utf8"),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (line.startsWith('{"edgemdm_backup"') && page !== "") {
      yield page;
      page = "";
    }
    page += `${line}\n`;
  }
  yield page;
}
