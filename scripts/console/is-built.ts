// Whether the console must be built again. Wrangler asks before each start, also for each test that runs a server.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { lastWritten, outputFolder } from "./output.ts";

/** What the build reads besides node_modules, whose versions the lockfile names. */
export const sources = [
  "console/index.html",
  "console/src",
  "console/tsconfig.json",
  "client/src",
  "scripts/console",
  "src/commands/destructive.ts",
  "src/commands/helpdesk.ts",
  "src/http/qr-code.ts",
  "package-lock.json",
];

export function isBuilt(project: string): boolean {
  const mark = join(project, outputFolder, lastWritten);
  if (!existsSync(mark)) return false;
  const built = statSync(mark).mtimeMs;
  return sources.every((source) => newest(join(project, source)) <= built);
}

/** A folder's own time is that of the last file that was added or removed. */
function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
