// The Worker as it would be uploaded, with the console, built once for all files that start a server: a build takes as long as most of them.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { complaintOf, runWrangler } from "../../../scripts/wrangler.ts";

const project = resolve(import.meta.dirname, "../../..");
const consoleFiles = "console/dist";
const builds = join(project, ".wrangler/built");
/** A build that takes longer was killed. */
const abandonedMs = 180_000;
const mostKept = 2;

/** For `createTestHarness`: our settings, and a bundle of the sources as they are now. */
export async function builtWorker(): Promise<{ configPath: string; prebuiltWorkerDir: string }> {
  const folder = join(builds, fingerprint());
  mkdirSync(builds, { recursive: true });
  // The build also makes the console's files, which lie outside of its folder.
  while (!existsSync(folder) || !existsSync(join(project, consoleFiles))) {
    if (takeLock(`${folder}.lock`))
      await build(folder).finally(() => rmSync(`${folder}.lock`, { recursive: true }));
    else await pause(200);
  }
  return { configPath: join(project, "wrangler.toml"), prebuiltWorkerDir: folder };
}

async function build(folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  const built = await runWrangler(project, ["deploy", "--dry-run", "--outdir", unfinished]);
  if (built.code !== 0) throw new Error(`the Worker does not build:\n${complaintOf(built)}`);
  forgetOldest();
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
}

/** Of all that a build depends on. */
function fingerprint(): string {
  const sources = ["src", "client", "console", "scripts/console"].flatMap((room) =>
    readdirSync(join(project, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !file.startsWith(join(project, consoleFiles))),
  );
  const settings = ["wrangler.toml", "package.json", "package-lock.json", "tsconfig.json"];
  const hash = createHash("sha256");
  for (const file of [...sources.sort(), ...settings.map((name) => join(project, name))])
    hash.update(file).update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

/** Two processes that need the same build do not both make it. */
function takeLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > abandonedMs) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function forgetOldest(): void {
  const known = readdirSync(builds)
    .filter((name) => /^[0-9a-f]{16}$/.test(name))
    .map((name) => ({ path: join(builds, name), at: statSync(join(builds, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { path } of known.slice(mostKept - 1)) rmSync(path, { recursive: true, force: true });
}
