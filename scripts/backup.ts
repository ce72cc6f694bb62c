// `npm run backup -- --url URL --out FILE`: reads a backup page by page into a file that nobody else may read. The file
// appears under its name when it is whole.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { askFor, readBackupOptions, tokenOfAdministrator } from "./backup/server.ts";
import { progressLine } from "./progress-line.ts";
import { run } from "./run.ts";
import { Trouble, writing } from "./trouble.ts";

await run(backup);

async function backup(): Promise<void> {
  const { origin, file } = readBackupOptions();
  const token = tokenOfAdministrator();
  const draft = `${file}.${process.pid}.tmp`;
  const handle = writing(draft, () => openSync(draft, "wx", 0o600));
  process.on("exit", () => rmSync(draft, { force: true }));
  const show = progressLine();
  const seen = { pages: 0, devices: 0, rows: 0, packages: 0, unread: [] as string[] };
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query: string = cursor === "" ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    const page = await askFor(`${origin}/api/v1/backup${query}`, { token });
    writing(draft, () => writeSync(handle, page));
    cursor = count(seen, page);
    show(`${seen.pages} pages, ${seen.devices} devices, ${seen.rows} rows`, cursor === null);
  }
  writing(file, () => {
    fsyncSync(handle);
    closeSync(handle);
    renameSync(draft, file);
  });
  console.log(`\n${file} is whole. It is worth nothing without the MASTER_KEY of edgemdm-recovery.json.`);
  if (seen.packages > 0)
    console.log(
      `The files of ${seen.packages} packages are not in it: they are in the bucket PACKAGES. Keep them elsewhere too.`,
    );
  if (seen.unread.length > 0) {
    const some = seen.unread.slice(0, 10).join(", ");
    throw new Trouble(
      `${seen.unread.length} devices did not answer and are in it by their directory only (${some}); make another one later`,
    );
  }
}

/** Counts what a page holds; the answer is where the next one begins. */
function count(
  seen: { pages: number; devices: number; rows: number; packages: number; unread: string[] },
  page: string,
): string | null {
  const lines = page.trimEnd().split("\n");
  const end = readEnd(lines.at(-1) ?? "");
  seen.pages += 1;
  for (const line of lines.slice(1, -1)) {
    if (line.startsWith('{"device"')) seen.devices += 1;
    else if (line.startsWith('{"unread"')) seen.unread.push(String(JSON.parse(line).unread));
    else seen.rows += 1;
    if (line.startsWith('{"table":"packages"')) seen.packages += 1;
  }
  return end;
}

function readEnd(line: string): string | null {
  try {
    const { next_cursor } = JSON.parse(line);
    if (next_cursor === null || typeof next_cursor === "string") return next_cursor;
  } catch {
    // Said below.
  }
  throw new Trouble("the server answered with something else than a page of a backup; is --url an edgemdm?");
}
